using System.Text.Json.Nodes;
using static Slipway.Workflow.Pipelines.DefinitionJson;

namespace Slipway.Workflow.Pipelines;

/// <summary>The steps of the pipeline: each is one of the worker's verbs (docs/steps.md) in a job of its own.</summary>
internal sealed class PipelineSteps(PipelineSettings settings)
{
    private const string Processing = "/opt/ml/processing/";
    private const string CacheLifetime = "P30D";
    private readonly string _bucket = settings.Names.RequireBucket();

    public JsonObject Extract() => ProcessingStep(
        StepNames.Extract, ["--source", "--as-of"], [settings.Names.ExternalCsv is null ? "offline-store" : "csv", Parameter("AsOf")],
        inputs: [Specification()], outputs: ["lineage"],
        environment: new()
        {
            [settings.Names.ExternalCsv is null ? "FEATURE_GROUP_NAME" : "EXTERNAL_CSV_URI"] = settings.Names.ExternalCsv ?? settings.Names.FeatureGroup,
            ["DATA_URI"] = $"s3://{_bucket}/pipelines/{settings.Names.Pipeline}/data",
        },
        propertyFile: ("Lineage", "lineage", "lineage.json"));

    public JsonObject Validate() => ProcessingStep(
        StepNames.Validate, ["--split"], [Parameter("Split")],
        inputs: [Specification(), ExtractedData()], outputs: ["report", "baseline"],
        environment: ChampionEnvironment());

    public JsonObject Preprocess()
    {
        var step = ProcessingStep(
            StepNames.Preprocess, ["--split"], [Parameter("Split")],
            inputs: [Specification(), ExtractedData()],
            outputs: ["train", "validation", "test", "encoder", "split"], environment: []);
        // it reads nothing that validate writes, but data that validate refuses must not be trained on
        step["DependsOn"] = Strings(StepNames.Validate);
        return Cached(step);
    }

    public JsonObject Train() => Cached(new()
    {
        ["Name"] = StepNames.Train,
        ["Type"] = "Training",
        ["Arguments"] = new JsonObject
        {
            ["AlgorithmSpecification"] = new JsonObject
            {
                ["TrainingImage"] = Image,
                ["TrainingInputMode"] = "File",
                ["MetricDefinitions"] = new JsonArray([.. Training.MetricDefinitions.Regexes.Select(m => new JsonObject { ["Name"] = m.Key, ["Regex"] = m.Value })]),
            },
            ["HyperParameters"] = HyperParameters(),
            ["InputDataConfig"] = new JsonArray(Channel("train"), Channel("validation"), Channel("encoder")),
            ["OutputDataConfig"] = new JsonObject { ["S3OutputPath"] = ExecutionUri("train") },
            ["ResourceConfig"] = Cluster(),
            ["RoleArn"] = settings.Names.RequireRole(),
            ["StoppingCondition"] = Limit(),
        },
    });

    public JsonObject Evaluate() => ProcessingStep(
        StepNames.Evaluate, ["--tolerance"], [Text(Parameter("ChampionTolerance"))],
        inputs:
        [
            Specification(), Input("model", Get($"Steps.{StepNames.Train}.ModelArtifacts.S3ModelArtifacts")),
            .. Data("train", "validation", "test", "split"),
        ],
        outputs: ["evaluation"],
        environment: new(ChampionEnvironment()) { ["MODEL_DATA_URL"] = Get($"Steps.{StepNames.Train}.ModelArtifacts.S3ModelArtifacts") },
        propertyFile: ("Evaluation", "evaluation", "evaluation.json"));

    private string Image => settings.Names.ImageIn(settings.Region);

    private JsonObject ProcessingStep(
        string name, string[] options, JsonNode[] values, JsonObject[] inputs, string[] outputs,
        Dictionary<string, JsonNode> environment, (string Name, string Output, string File)? propertyFile = null)
    {
        var arguments = options.Zip(values).SelectMany(pair => new[] { (JsonNode)pair.First, pair.Second });
        var request = new JsonObject
        {
            ["ProcessingResources"] = new JsonObject { ["ClusterConfig"] = Cluster() },
            ["AppSpecification"] = new JsonObject
            {
                ["ImageUri"] = Image,
                ["ContainerEntrypoint"] = Strings("slipway-worker", name.ToLowerInvariant()),
                ["ContainerArguments"] = new JsonArray([.. arguments]),
            },
            ["ProcessingInputs"] = new JsonArray([.. inputs]),
            ["ProcessingOutputConfig"] = new JsonObject { ["Outputs"] = new JsonArray([.. outputs.Select(o => OutputOf(name, o))]) },
            ["RoleArn"] = settings.Names.RequireRole(),
            ["StoppingCondition"] = Limit(),
        };
        if (environment.Count > 0)
        {
            request["Environment"] = new JsonObject([.. environment.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)e.Value))]);
        }

        var step = new JsonObject { ["Name"] = name, ["Type"] = "Processing", ["Arguments"] = request };
        if (propertyFile is var (file, output, path))
        {
            step["PropertyFiles"] = new JsonArray(new JsonObject { ["PropertyFileName"] = file, ["OutputName"] = output, ["FilePath"] = path });
        }

        return step;
    }

    /// <summary>
    /// Lets an execution take over the step's result from one that gave it the same image, arguments and inputs. Only
    /// for steps whose result follows from these: the others ask AWS for what is true now.
    /// </summary>
    private JsonObject Cached(JsonObject step)
    {
        step["CacheConfig"] = new JsonObject { ["Enabled"] = settings.Cache, ["ExpireAfter"] = CacheLifetime };
        return step;
    }

    private static JsonObject ExtractedData() => Input("data", JsonGet(StepNames.Extract, "Lineage", "data.uri"));

    private JsonObject Specification() => Input("specification", settings.SpecificationUri);

    private static JsonObject[] Data(params string[] names) => [.. names.Select(n => Input(n, Output(StepNames.Preprocess, n)))];

    private static JsonObject Input(string name, JsonNode uri) => new()
    {
        ["InputName"] = name,
        ["AppManaged"] = false,
        ["S3Input"] = new JsonObject
        {
            ["S3Uri"] = uri,
            ["LocalPath"] = $"{Processing}input/{name}",
            ["S3DataType"] = "S3Prefix",
            ["S3InputMode"] = "File",
            ["S3DataDistributionType"] = "FullyReplicated",
            ["S3CompressionType"] = "None",
        },
    };

    private JsonObject OutputOf(string step, string name) => new()
    {
        ["OutputName"] = name,
        ["AppManaged"] = false,
        ["S3Output"] = new JsonObject
        {
            ["S3Uri"] = ExecutionUri($"{step.ToLowerInvariant()}/{name}"),
            ["LocalPath"] = $"{Processing}output/{name}",
            ["S3UploadMode"] = "EndOfJob",
        },
    };

    private static JsonObject Channel(string name) => new()
    {
        ["ChannelName"] = name,
        ["DataSource"] = new JsonObject
        {
            ["S3DataSource"] = new JsonObject
            {
                ["S3DataType"] = "S3Prefix",
                ["S3Uri"] = Output(StepNames.Preprocess, name),
                ["S3DataDistributionType"] = "FullyReplicated",
            },
        },
    };

    private static JsonObject HyperParameters() => new()
    {
        ["num_boost_round"] = Text(Parameter("NumBoostRound")),
        ["early_stopping_rounds"] = Text(Parameter("EarlyStoppingRounds")),
        ["learning_rate"] = Text(Parameter("LearningRate")),
        ["num_leaves"] = Text(Parameter("NumLeaves")),
        ["min_data_in_leaf"] = Text(Parameter("MinDataInLeaf")),
        ["seed"] = Text(Parameter("Seed")),
    };

    private Dictionary<string, JsonNode> ChampionEnvironment() => new() { ["MODEL_PACKAGE_GROUP_NAME"] = settings.Names.ModelPackageGroup };

    /// <summary>A place of the execution's own, so that no execution overwrites another's files.</summary>
    private JsonObject ExecutionUri(string folder) =>
        Join("/", $"s3://{_bucket}/pipelines/{settings.Names.Pipeline}", Get("Execution.PipelineExecutionId"), folder);

    private JsonObject Cluster() => new() { ["InstanceType"] = settings.InstanceType, ["InstanceCount"] = 1, ["VolumeSizeInGB"] = settings.VolumeSizeInGB };

    private JsonObject Limit() => new() { ["MaxRuntimeInSeconds"] = (int)settings.MaxRuntime.TotalSeconds };
}
