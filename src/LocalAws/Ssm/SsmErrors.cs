using System.Net;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Ssm;

/// <summary>Parameter Store's own errors: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html#API_PutParameter_Errors and the other operations' pages</summary>
internal static class SsmErrors
{
    public static AwsException NotFound(string name) => Make("ParameterNotFound", $"Parameter {name} not found.");

    public static AwsException NoVersion(string name, long version) => Make(
        "ParameterVersionNotFound", $"Systems Manager could not find version {version} of {name}. Verify the version and try again.");

    public static AwsException NoLabel(string name, string label) => Make(
        "ParameterVersionNotFound", $"Systems Manager could not find label {label} for parameter {name}. Verify the label and try again.");

    public static AwsException Exists() => Make(
        "ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.");

    public static AwsException TooManyVersions(string name, long oldest) => Make(
        "ParameterMaxVersionLimitExceeded",
        $"You attempted to create a new version of {name} by calling the PutParameter API with the overwrite flag. Version {oldest}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.");

    public static AwsException TooManyLabels() => Make(
        "ParameterVersionLabelLimitExceeded", "A parameter version can have maximum 10 labels. Move one or more labels to another version and try again.");

    public static AwsException TooDeep() => Make("HierarchyLevelLimitExceededException", "A parameter name has at most 15 levels.");

    public static AwsException InvalidPattern(string pattern, string why) => Make(
        "InvalidAllowedPatternException", $"AllowedPattern {pattern} isn't a regular expression that can be used: {why}");

    public static AwsException PatternMismatch(string pattern) => Make(
        "ParameterPatternMismatchException", $"Parameter value, cannot be validated against allowedPattern: {pattern}");

    public static AwsException InvalidKey(AwsException cause) => new("InvalidKeyId", HttpStatusCode.BadRequest, cause.Message, inner: cause);

    public static AwsException InvalidToken() => Make("InvalidNextToken", "The specified token isn't valid.");

    public static AwsException InvalidFilterKey(string key, IEnumerable<string> valid) => Make(
        "InvalidFilterKey", $"The following filter key is not valid: {key}. Valid filter keys include: [{string.Join(", ", valid)}]");

    public static AwsException InvalidFilterOption(string option, IEnumerable<string> valid) => Make(
        "InvalidFilterOption", $"The following filter option is not valid: {option}. Valid options include: [{string.Join(", ", valid)}]");

    public static AwsException InvalidFilterValue(string message) => Make("InvalidFilterValue", message);

    public static AwsException InvalidResource() => Make(
        "InvalidResourceId", "The resource ID isn't valid. Verify that you entered the correct ID and try again.");

    public static AwsException TooManyTags() => Make("TooManyTagsError", "A parameter has at most 50 tags.");

    private static AwsException Make(string code, string message) => new(code, HttpStatusCode.BadRequest, message);
}
