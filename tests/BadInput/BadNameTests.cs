using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;
using Slipway.Tests.Clients;

namespace Slipway.Tests.BadInput;

/// <summary>Names that break AWS's patterns, as clients would send them that don't check.</summary>
public sealed class BadNameTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private const string Entity = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}";

    /// <summary>The service, its target, the member, the name, and all of the error.</summary>
    public static TheoryData<string, string, string, string, string> Names => new()
    {
        { "sagemaker", "SageMaker.CreateModel", "ModelName", "-a", Pattern("-a", "modelName", Entity) },
        { "sagemaker", "SageMaker.CreateEndpointConfig", "EndpointConfigName", "a b", Pattern("a b", "endpointConfigName", Entity) },
        { "sagemaker", "SageMaker.CreateEndpoint", "EndpointName", "a_b", Pattern("a_b", "endpointName", Entity) },
        { "sagemaker", "SageMaker.CreateTrainingJob", "TrainingJobName", new string('x', 64), Longest(new string('x', 64), "trainingJobName", 63) },
        { "sagemaker", "SageMaker.CreateProcessingJob", "ProcessingJobName", "ü", Pattern("ü", "processingJobName", Entity) },
        { "sagemaker", "SageMaker.CreatePipeline", "PipelineName", "../../x", Pattern("../../x", "pipelineName", "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}") },
        { "sagemaker", "SageMaker.CreateFeatureGroup", "FeatureGroupName", "a\n", Pattern("a\n", "featureGroupName", "[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}") },
        { "sagemaker", "SageMaker.CreateModelPackageGroup", "ModelPackageGroupName", "", Shortest("", "modelPackageGroupName", 1) },
        { "logs", "Logs_20140328.CreateLogGroup", "logGroupName", "a?b", Pattern("a?b", "logGroupName", "[\\.\\-_/#A-Za-z0-9]+") },
        { "logs", "Logs_20140328.CreateLogStream", "logStreamName", "a:b", Pattern("a:b", "logStreamName", "[^:*]*") },
        { "kms", "TrentService.CreateAlias", "AliasName", "plain", "Invalid identifier: the alias name plain must start with alias/ and go on with a name." },
        { "ssm", "AmazonSSM.PutParameter", "Name", "", Shortest("", "name", 1) },
        { "ecr", "AmazonEC2ContainerRegistry_V20150921.CreateRepository", "repositoryName", "../up", Pattern("../up", "repositoryName", "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*") },
    };

    /// <summary>Each operation that has a member with a pattern.</summary>
    public static TheoryData<string> Services => [.. AwsService.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_that_is_none_is_refused_in_AWSs_words(string signingName, string target, string member, string name, string error)
    {
        var service = AwsService.All.Single(s => target.StartsWith(s.TargetPrefix + ".", StringComparison.Ordinal) && s.TargetPrefix.Length > 0);
        var request = Filled(Operations.Find(service, target.Split('.')[1])!.Request);
        request[member] = name;
        var bytes = Encoding.UTF8.GetBytes(request.ToJsonString());
        var answer = await RawHttp.Send(
            aws.Server.Endpoint, "POST /", [RawHttp.Authorization(signingName), $"X-Amz-Target: {target}", "Content-Type: application/x-amz-json-1.1", $"Content-Length: {bytes.Length}"], bytes);
        var answered = JsonNode.Parse(answer.Body)!;
        Assert.Equal($"{service.ValidationCode} {error}", $"{answered["__type"]} {answered["message"]}");
        Assert.Equal(400, answer.Status);
    }

    [Theory]
    [InlineData("A")]
    [InlineData("ab")]
    [InlineData("Has-Capitals")]
    [InlineData("under_score")]
    [InlineData("192.168.5.4")]
    [InlineData("two..dots")]
    [InlineData("-dash")]
    [InlineData("xn--bucket")]
    [InlineData("bucket-s3alias")]
    [InlineData("x123456789x123456789x123456789x123456789x123456789x123456789x123")]
    public async Task A_bucket_name_that_is_none_is_refused(string name)
    {
        var answer = await RawHttp.Send(aws.Server.Endpoint, $"PUT /{name}", [RawHttp.Authorization("s3"), "Content-Length: 0"]);
        Assert.Equal(400, answer.Status);
        Assert.Contains($"<Code>InvalidBucketName</Code><Message>The specified bucket is not valid: {name}</Message><BucketName>{name}</BucketName>", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_name_that_is_none_is_refused()
    {
        const string body = "Action=CreateRole&Version=2010-05-08&RoleName=a%2Fb&AssumeRolePolicyDocument=%7B%7D";
        var answer = await RawHttp.Send(
            aws.Server.Endpoint, "POST /", [RawHttp.Authorization("iam"), "Content-Type: application/x-www-form-urlencoded", $"Content-Length: {body.Length}"], Encoding.ASCII.GetBytes(body));
        Assert.Contains("<Message>1 validation error detected: Value 'a/b' at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+</Message>", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void The_first_pattern_of_each_operation_is_enforced(string service)
    {
        const string nowhereAllowed = "\u0001";
        foreach (var request in Operations.Of(AwsService.All.Single(s => s.Name == service)).Select(o => o.Request))
        {
            var first = Members.Of(request).FirstOrDefault(m => m.Attribute<PatternAttribute>() is { } p && m.Type == typeof(string) && !Regex.IsMatch(nowhereAllowed, $@"\A(?:{p.Pattern})\z"));
            if (first is null)
            {
                continue;
            }

            var body = Filled(request);
            body[AwsService.Of(request).MemberName(first.Name)] = nowhereAllowed;
            var error = Assert.Throws<AwsException>(() => RequestReader.Read(Encoding.UTF8.GetBytes(body.ToJsonString()), request));
            Assert.StartsWith($"1 validation error detected: Value '{nowhereAllowed}' at '{char.ToLowerInvariant(first.Name[0])}{first.Name[1..]}' failed to satisfy constraint: Member must", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void No_text_keeps_a_pattern_busy(string service)
    {
        var requests = Operations.Of(AwsService.All.Single(s => s.Name == service)).Select(o => o.Request).ToList();
        foreach (var member in requests.SelectMany(Strings).Where(m => m.Attribute<PatternAttribute>() is not null).DistinctBy(m => m.Attribute<PatternAttribute>()!.Pattern))
        {
            var length = Math.Min(member.Attribute<LengthAttribute>()?.Max ?? 100_000, 100_000);
            foreach (var piece in new[] { "a", "-", "a-", "a_", "__", "a__", "a.", "/", "a/", ":", "arn:aws:a:", "aA0", " ", "s3://a" })
            {
                // the last character is what makes the expression go back and try all else
                var text = string.Concat(Enumerable.Repeat(piece, (length / piece.Length) + 1))[..(length - 1)] + "\u0001";
                var error = Record.Exception(() => Limits.CheckMember(member, text, "member"));
                Assert.True(error is null or AwsException, $"{member.Source}: {member.Attribute<PatternAttribute>()!.Pattern}: {error?.GetType().Name} by {length} of '{piece}'");
            }
        }
    }

    private static IEnumerable<Member> Strings(Type record) => Members.Of(record).SelectMany(m =>
        Members.IsRecord(m.Type) && m.Type != record ? Strings(m.Type) : m.Type == typeof(string) ? [m] : Enumerable.Empty<Member>());

    /// <summary>A request with all that it must have, of the right types and else of no sense.</summary>
    private static JsonObject Filled(Type record)
    {
        var service = AwsService.Of(record);
        return Structure(record, service.MemberName);
    }

    private static JsonObject Structure(Type record, Func<string, string> name) =>
        new(Members.Of(record).Where(m => m.Required).Select(m => KeyValuePair.Create(name(m.Name), m.Type == typeof(string) ? new string('x', m.Attribute<LengthAttribute>()?.Min ?? 1) : Value(m.Type, name))));

    private static JsonNode? Value(Type type, Func<string, string> name) =>
        Members.ItemOf(type) is { } item ? new JsonArray(Value(item, name))
        : Members.ValueOf(type) is not null ? new JsonObject()
        : Members.IsRecord(type) ? Structure(type, name)
        : type.IsEnum ? Enum.GetNames(type)[0]
        : type == typeof(bool) ? true
        : type.IsPrimitive || type == typeof(DateTimeOffset) ? 1
        : type == typeof(byte[]) ? "" : "xxx";

    private static string Pattern(string value, string member, string pattern) => Error(value, member, "Member must satisfy regular expression pattern: " + pattern);

    private static string Longest(string value, string member, int length) => Error(value, member, $"Member must have length less than or equal to {length}");

    private static string Shortest(string value, string member, int length) => Error(value, member, $"Member must have length greater than or equal to {length}");

    private static string Error(string value, string member, string constraint) =>
        $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}";
}
