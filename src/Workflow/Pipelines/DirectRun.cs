using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.Workflow.Pipelines;

/// <summary>
/// Runs <see cref="PipelineDefinition"/> without SageMaker Pipelines, by the operations that its steps stand for: one
/// definition, so the same jobs, the same gate and the same registration.
/// </summary>
public sealed class DirectRun(AwsSession session, ProjectNames names, TimeProvider time)
{
    private const int IdBytes = 8;

    /// <summary>Runs the steps one after the other.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="parameters">The parameters that differ from their defaults.</param>
    /// <param name="origin">What runs it, such as a build's ARN: kept with the version as what generated it.</param>
    /// <param name="changed">Called with each step that is new or whose state has changed.</param>
    /// <param name="cancellation">Stops; a job that runs goes on.</param>
    /// <returns>How it ended; its ARN is the origin and an id of the run, under which its files lie.</returns>
    public async Task<EndedExecution> Run(
        JsonObject definition, IReadOnlyDictionary<string, string> parameters, string origin, Action<StepState> changed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(changed);
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var arn = $"{origin}/{id}";
        var walk = new Walk(new(Values(parameters), id, arn, ReadJson), new(session, names.Pipeline, id, time), changed);
        await Take(walk, definition["Steps"]!.AsArray(), cancellation);
        var failed = walk.States.FirstOrDefault(s => s.Status == "Failed");
        return await new PipelineRun(session, names, time).Ended(arn, failed is null ? "Succeeded" : "Failed", failed?.Reason, walk.States, walk.Registered, cancellation);
    }

    private async Task Take(Walk walk, JsonArray steps, CancellationToken cancellation)
    {
        foreach (var step in steps.Select(s => s!.AsObject()))
        {
            if (walk.States.Any(s => s.Status == "Failed"))
            {
                return;
            }

            var started = new StepState((string)step["Name"]!, "Executing", time.GetUtcNow(), null, null);
            walk.Changed(started);
            await Take(walk, step, started, cancellation);
        }
    }

    private async Task Take(Walk walk, JsonObject step, StepState started, CancellationToken cancellation)
    {
        switch ((string)step["Type"]!)
        {
            case "Condition":
                var conditions = await walk.Scope.Resolve(step["Arguments"]!["Conditions"], cancellation);
                walk.Changed(started with { Status = "Succeeded", End = time.GetUtcNow() });
                await Take(walk, step["Arguments"]![conditions!.AsArray().All(Holds) ? "IfSteps" : "ElseSteps"]!.AsArray(), cancellation);
                break;
            case "Fail":
                var message = await walk.Scope.Resolve(step["Arguments"]!["ErrorMessage"], cancellation);
                walk.Changed(started with { Status = "Failed", End = time.GetUtcNow(), Reason = (string)message! });
                break;
            case "RegisterModel":
                walk.Registered = await Register((JsonObject)(await walk.Scope.Resolve(step["Arguments"], cancellation))!, cancellation);
                walk.Changed(started with { Status = "Succeeded", End = time.GetUtcNow() });
                break;
            default:
                var job = await walk.Jobs.Run(step, (JsonObject)(await walk.Scope.Resolve(step["Arguments"], cancellation))!, cancellation);
                walk.Scope.Add(step, job.Description);
                var isDone = job.Status == JobStatus.Completed;
                walk.Changed(started with
                {
                    Status = isDone ? "Succeeded" : "Failed", End = time.GetUtcNow(), CachedFrom = job.IsTakenOver ? job.Arn : null,
                    Reason = isDone ? null : $"{job.Arn} is {job.Status}: {job.Reason}",
                });
                break;
        }
    }

    private async Task<string> Register(JsonObject arguments, CancellationToken cancellation)
    {
        await Resources.EnsureGroup(session, names.ModelPackageGroup, cancellation);
        var request = arguments.Deserialize<CreateModelPackage>(AwsJson.Lenient)! with { ClientToken = Guid.NewGuid().ToString() };
        return (await session.Aws.Send(request, cancellation)).ModelPackageArn;
    }

    private static Dictionary<string, JsonNode> Values(IReadOnlyDictionary<string, string> given) =>
        PipelineDefinition.Parameters.ToDictionary(p => p.Name, p => given.TryGetValue(p.Name, out var text) ? Value(p, text) : JsonSerializer.SerializeToNode(p.Default)!);

    private static JsonNode Value(PipelineParameter parameter, string text) => parameter switch
    {
        { Type: "String", Values: { } allowed } when !allowed.Contains(text) => throw new BadInputException($"{parameter.Name} must be one of {string.Join(", ", allowed)}; it is '{text}'."),
        { Type: "String" } => text,
        { Type: "Integer" } when long.TryParse(text, CultureInfo.InvariantCulture, out var whole) => whole,
        { Type: "Float" } when double.TryParse(text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => throw new BadInputException($"{parameter.Name} must be of type {parameter.Type}; it is '{text}'."),
    };

    private static bool Holds(JsonNode? condition) => (string)condition!["Type"]! switch
    {
        "GreaterThanOrEqualTo" => condition["LeftValue"]!.GetValue<double>() >= condition["RightValue"]!.GetValue<double>(),
        "Equals" => (string)condition["LeftValue"]! == (string)condition["RightValue"]!,
        var type => throw new InvalidOperationException($"the definition has a condition of type {type}"),
    };

    private async Task<JsonNode> ReadJson(string uri, CancellationToken cancellation)
    {
        var place = S3Address.Parse(uri);
        using var found = await session.S3.GetObjectAsync(place.Bucket, place.Key, cancellation);
        return (await JsonNode.ParseAsync(found.ResponseStream, cancellationToken: cancellation))!;
    }

    /// <summary>How far a run has come.</summary>
    private sealed class Walk(DefinitionScope scope, StepJob jobs, Action<StepState> changed)
    {
        private readonly OrderedDictionary<string, StepState> _states = [];

        public DefinitionScope Scope => scope;

        public StepJob Jobs => jobs;

        public string? Registered { get; set; }

        public IReadOnlyList<StepState> States => _states.Values;

        public void Changed(StepState state)
        {
            _states[state.Name] = state;
            changed(state);
        }
    }
}
