using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Slipway.Aws.Wire;

/// <summary>The wire protocols of AWS that Slipway speaks. S3's REST-XML is spoken by the official client and by local AWS's S3 alone.</summary>
public enum AwsProtocol
{
    /// <summary>JSON 1.0 or 1.1: POST / with an X-Amz-Target header.</summary>
    Json,

    /// <summary>REST-JSON: method and path name the operation.</summary>
    RestJson,

    /// <summary>Query: a form with Action and Version, answered in XML.</summary>
    Query,
}

/// <summary>How a service is reached: the facts of its service model that the wire needs.</summary>
/// <param name="Name">The name of its folder and namespace here.</param>
/// <param name="Id">AWS's service id, as in AWS_ENDPOINT_URL_&lt;ID&gt;.</param>
/// <param name="EndpointPrefix">The first part of its host name.</param>
/// <param name="SigningName">The service in the credential scope of a signature.</param>
/// <param name="Protocol">Its wire protocol.</param>
/// <param name="ApiVersion">The version of its API, a date.</param>
/// <param name="TargetPrefix">The part of X-Amz-Target before the operation; empty where the protocol has none.</param>
/// <param name="JsonVersion">1.0 or 1.1, for the JSON protocol.</param>
/// <param name="CamelCase">Whether its members start with a small letter on the wire.</param>
/// <param name="ValidationCode">Its code for an input that breaks a constraint.</param>
/// <param name="NamespaceScheme">How the XML namespace of its answers starts, for the query protocol.</param>
/// <param name="QueryCodes">For a service that spoke the query protocol once: what errors were called there, which clients are told too; those that it doesn't name are called the same.</param>
public sealed record AwsService(
    string Name, string Id, string EndpointPrefix, string SigningName, AwsProtocol Protocol, string ApiVersion,
    string TargetPrefix = "", string JsonVersion = "1.1", bool CamelCase = false,
    string ValidationCode = "ValidationException", string NamespaceScheme = "https",
    IReadOnlyDictionary<string, string>? QueryCodes = null)
{
    private const string Namespace = "Slipway.Aws.";
    private static readonly ConcurrentDictionary<Type, AwsService> Services = new();

    /// <summary>Every service whose operations are declared in this assembly.</summary>
    public static IReadOnlyList<AwsService> All { get; } =
    [
        new("Sts", "STS", "sts", "sts", AwsProtocol.Query, "2011-06-15"),
        new("Iam", "IAM", "iam", "iam", AwsProtocol.Query, "2010-05-08"),
        new("Logs", "CloudWatch Logs", "logs", "logs", AwsProtocol.Json, "2014-03-28", "Logs_20140328", CamelCase: true, ValidationCode: "InvalidParameterException"),
        new("Kms", "KMS", "kms", "kms", AwsProtocol.Json, "2014-11-01", "TrentService"),
        new("Ssm", "SSM", "ssm", "ssm", AwsProtocol.Json, "2014-11-06", "AmazonSSM"),
        new("Ecr", "ECR", "api.ecr", "ecr", AwsProtocol.Json, "2015-09-21", "AmazonEC2ContainerRegistry_V20150921", CamelCase: true, ValidationCode: "InvalidParameterException"),
        new("CodeCommit", "CodeCommit", "codecommit", "codecommit", AwsProtocol.Json, "2015-04-13", "CodeCommit_20150413", CamelCase: true),
        new("CodePipeline", "CodePipeline", "codepipeline", "codepipeline", AwsProtocol.Json, "2015-07-09", "CodePipeline_20150709", CamelCase: true),
        new("Sns", "SNS", "sns", "sns", AwsProtocol.Query, "2010-03-31", ValidationCode: "ValidationError", NamespaceScheme: "http"),
        new("Sqs", "SQS", "sqs", "sqs", AwsProtocol.Json, "2012-11-05", "AmazonSQS", JsonVersion: "1.0", ValidationCode: "InvalidParameterValueException", QueryCodes: Sqs.QueryErrors.Codes),
        new("CodeBuild", "CodeBuild", "codebuild", "codebuild", AwsProtocol.Json, "2016-10-06", "CodeBuild_20161006", CamelCase: true, ValidationCode: "InvalidInputException"),
        new("EventBridge", "EventBridge", "events", "events", AwsProtocol.Json, "2015-10-07", "AWSEvents"),
        new("SageMaker", "SageMaker", "api.sagemaker", "sagemaker", AwsProtocol.Json, "2017-07-24", "SageMaker"),
        new("SageMakerRuntime", "SageMaker Runtime", "runtime.sagemaker", "sagemaker", AwsProtocol.RestJson, "2017-05-13"),
        new("FeatureStoreRuntime", "SageMaker FeatureStore Runtime", "featurestore-runtime.sagemaker", "sagemaker", AwsProtocol.RestJson, "2020-07-01", ValidationCode: "ValidationError"),
    ];

    private static readonly ILookup<string, AwsService> BySigningName = All.ToLookup(s => s.SigningName);

    /// <summary>The services whose signatures name this one.</summary>
    public static IEnumerable<AwsService> SignedAs(string signingName) => BySigningName[signingName];

    /// <summary>The XML namespace of a query service's answers.</summary>
    public string XmlNamespace => $"{NamespaceScheme}://{EndpointPrefix}.amazonaws.com/doc/{ApiVersion}/";

    /// <summary>The service that a request belongs to, told by its namespace.</summary>
    /// <exception cref="ArgumentException">The type is not in a service's namespace.</exception>
    public static AwsService Of(Type request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Services.GetOrAdd(request, Find);
    }

    /// <summary>A service is one of <see cref="All"/>, and so equal to itself alone.</summary>
    public bool Equals(AwsService? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The wire's spelling of a member.</summary>
    public string MemberName(string member)
    {
        ArgumentException.ThrowIfNullOrEmpty(member);
        return CamelCase ? char.ToLowerInvariant(member[0]) + member[1..] : member;
    }

    private static AwsService Find(Type request)
    {
        var folder = request.Namespace is { } ns && ns.StartsWith(Namespace, StringComparison.Ordinal) ? ns[Namespace.Length..] : "";
        return All.FirstOrDefault(s => s.Name == folder)
            ?? throw new ArgumentException($"{request} is in no service's namespace", nameof(request));
    }
}
