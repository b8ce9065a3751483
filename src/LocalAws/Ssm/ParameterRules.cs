using System.Text;
using System.Text.RegularExpressions;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Ssm;

/// <summary>The rules for a parameter's value: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html</summary>
internal static class ParameterRules
{
    private const int LongestStandard = 4096;

    /// <summary>Checks that a value refers to no other parameter: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html#systemsmanager-PutParameter-request-Value</summary>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static void CheckValue(string value)
    {
        if (value.IndexOf("{{", StringComparison.Ordinal) is >= 0 and var at && value.IndexOf("}}", at, StringComparison.Ordinal) > 0)
        {
            throw AwsErrors.Validation("""Parameter value: can't nest another parameter. Do not use "{{}}" in the value.""");
        }
    }

    /// <summary>Checks a value against the parameter's own expression.</summary>
    /// <exception cref="AwsException">InvalidAllowedPatternException or ParameterPatternMismatchException.</exception>
    public static void CheckPattern(string value, string? pattern)
    {
        if (string.IsNullOrEmpty(pattern))
        {
            return;
        }

        try
        {
            if (!Regex.IsMatch(value, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
            {
                throw SsmErrors.PatternMismatch(pattern);
            }
        }
        catch (RegexParseException e)
        {
            throw SsmErrors.InvalidPattern(pattern, e.Message);
        }
        catch (RegexMatchTimeoutException)
        {
            throw SsmErrors.InvalidPattern(pattern, "it takes longer than a second on this value.");
        }
    }

    /// <summary>Checks that the meaning of a value is one that local AWS has.</summary>
    /// <exception cref="AwsException">NotImplemented or ValidationException.</exception>
    public static void CheckDataType(string dataType)
    {
        if (dataType is "aws:ec2:image" or "aws:ssm:integration")
        {
            throw AwsErrors.NotImplemented($"PutParameter.DataType {dataType}");
        }

        if (dataType != "text")
        {
            throw AwsErrors.Validation($"The following data type is not supported: {dataType} (Data type names are all lowercase.)");
        }
    }

    /// <summary>The tier that a version has.</summary>
    /// <param name="asked">What the request says, or null.</param>
    /// <param name="last">The tier of the version before, or null.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static string Tier(string? asked, string? last, string value)
    {
        var isLong = Encoding.UTF8.GetByteCount(value) > LongestStandard;
        if (asked == "Intelligent-Tiering")
        {
            return isLong || last == "Advanced" ? "Advanced" : "Standard";
        }

        if (asked == "Standard" && last == "Advanced")
        {
            throw AwsErrors.Validation(
                "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.");
        }

        var tier = asked ?? last ?? "Standard";
        return tier == "Standard" && isLong
            ? throw AwsErrors.Validation(
                $"Standard tier parameters support a maximum parameter value of {LongestStandard} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.")
            : tier;
    }
}
