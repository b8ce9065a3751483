using Slipway.Aws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Definitions;

/// <summary>The error for a pipeline definition that can't be run in full: it says where and what.</summary>
internal static class DefinitionErrors
{
    /// <param name="where">The place in the definition, such as <c>Steps[3] 'Tune'.Arguments</c>; empty for the whole.</param>
    /// <param name="what">What is wrong there.</param>
    public static AwsException At(string where, string what) =>
        AwsErrors.Validation($"Unable to parse pipeline definition. {where}{(where.Length > 0 ? ": " : "")}{what}");
}
