using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Ssm;

/// <summary>How a request names a parameter: its name or its ARN, and after a colon the version or the label.</summary>
/// <param name="Name">The name.</param>
/// <param name="Selector">What follows the colon, or null.</param>
/// <param name="Other">The other name that has the same ARN, or null: /a and a are both parameter/a there.</param>
internal sealed partial record ParameterName(string Name, string? Selector, string? Other = null)
{
    private const int MostLevels = 15;
    private const int LongestArn = 1011;

    /// <summary>Reads what a request to read gave.</summary>
    public static ParameterName Parse(string text)
    {
        const string marker = ":parameter/";
        var at = text.StartsWith("arn:", StringComparison.Ordinal) ? text.IndexOf(marker, StringComparison.Ordinal) : -1;
        var parts = (at < 0 ? text : text[(at + marker.Length)..]).Split(':', 2);
        var selector = parts.Length > 1 ? parts[1] : null;
        return at < 0 ? new(parts[0], selector) : new("/" + parts[0], selector, parts[0]);
    }

    /// <summary>The name that has the same ARN, and so is not free where the other one is taken.</summary>
    public static string Twin(string name) => name[0] == '/' ? name[1..] : "/" + name;

    /// <summary>The version that follows a name's colon, or null where that is a label, which never starts with a digit.</summary>
    public long? Version => long.TryParse(Selector, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    /// <summary>The ARN of a parameter.</summary>
    public static string Arn(string name, Caller caller) => caller.Arn("ssm", "parameter/" + name.TrimStart('/'));

    /// <summary>Checks that a new parameter may have a name.</summary>
    /// <exception cref="AwsException">ValidationException, AccessDeniedException or HierarchyLevelLimitExceededException.</exception>
    public static void Check(string name, Caller caller)
    {
        if (Arn(name, caller).Length > LongestArn)
        {
            throw AwsErrors.Validation($"Parameter name: its ARN has more than {LongestArn} characters.");
        }

        CheckPrefix(name);
        if (!Characters().IsMatch(name))
        {
            throw AwsErrors.Validation(
                $"Parameter name: {name} may have letters, numbers and the symbols .-_ alone, and slashes between the levels of a path.");
        }

        if (name.Contains('/', StringComparison.Ordinal) && name[0] != '/')
        {
            throw AwsErrors.Validation("Parameter name must be a fully qualified name.");
        }

        if (name.Contains("//", StringComparison.Ordinal) || name[^1] == '/')
        {
            throw AwsErrors.Validation($"Parameter name: {name} has an empty level between its slashes.");
        }

        if (name.Count(c => c == '/') > MostLevels)
        {
            throw SsmErrors.TooDeep();
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_.\-/]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Characters();

    private static void CheckPrefix(string name)
    {
        var bare = name.TrimStart('/');
        if (name[0] == '/' && bare.StartsWith("aws", StringComparison.OrdinalIgnoreCase))
        {
            throw AwsErrors.AccessDenied($"No access to reserved parameter name: {name}.");
        }

        if (bare.StartsWith("aws", StringComparison.OrdinalIgnoreCase) || bare.StartsWith("ssm", StringComparison.OrdinalIgnoreCase))
        {
            throw AwsErrors.Validation(
                """Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_""");
        }
    }
}
