using System.Text.Json;
using Slipway.LocalAws.SageMaker.Pipelines.Steps;

namespace Slipway.LocalAws.SageMaker.Pipelines.Definitions;

/// <summary>Reads what stands beside a step's arguments: property files, caching, retry policies.</summary>
internal static class StepOptions
{
    private const int LongestInterval = 43200;
    private const int MostAttempts = 20;
    private const int DefaultAttempts = 5;
    private const int LongestExpiry = 14400;

    private static readonly IReadOnlyList<string> ExceptionTypes =
        ["Step.SERVICE_FAULT", "Step.THROTTLING", "SageMaker.JOB_INTERNAL_ERROR", "SageMaker.CAPACITY_ERROR", "SageMaker.RESOURCE_LIMIT"];

    /// <summary>The property files of a step, whose outputs must be outputs of its job.</summary>
    public static IReadOnlyList<PropertyFile> ReadPropertyFiles(JsonElement step, StepType type, string where)
    {
        var files = DefinitionReader.Items(step, "PropertyFiles", where).Select((file, i) => ReadPropertyFile(file, step.GetProperty("Arguments"), $"{where}.PropertyFiles[{i}]")).ToList();
        if (files.Count > 0 && !type.TakesPropertyFiles)
        {
            throw DefinitionErrors.At(where, $"a step of type {type.Name} has no PropertyFiles");
        }

        return files.GroupBy(f => f.PropertyFileName).FirstOrDefault(g => g.Count() > 1) is { } doubled
            ? throw DefinitionErrors.At(where, $"the property file {doubled.Key} is there twice")
            : files;
    }

    /// <summary>The step's caching, or null where it is off.</summary>
    public static CacheConfig? ReadCache(JsonElement step, StepType type, string where)
    {
        if (DefinitionReader.Given(step, "CacheConfig") is not { } config)
        {
            return null;
        }

        where += ".CacheConfig";
        DefinitionReader.RequireOnly(config, where, "Enabled", "ExpireAfter");
        if (!config.TryGetProperty("Enabled", out var enabled) || enabled.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            throw DefinitionErrors.At(where, "Enabled must be true or false");
        }

        var text = DefinitionReader.Text(config, "ExpireAfter", where);
        var expireAfter = text is null ? (TimeSpan?)null
            : IsoDuration.Parse(text) ?? throw DefinitionErrors.At(where, $"ExpireAfter must be an ISO 8601 duration such as P30D or PT1H, not '{text}'");
        if (enabled.ValueKind == JsonValueKind.False)
        {
            return null;
        }

        return type.CachedArguments.Count > 0 ? new(expireAfter) : throw DefinitionErrors.At(where, $"a step of type {type.Name} can't be cached");
    }

    /// <summary>The step's retry policies.</summary>
    public static IReadOnlyList<RetryPolicy> ReadRetryPolicies(JsonElement step, StepType type, string where)
    {
        var policies = DefinitionReader.Items(step, "RetryPolicies", where).Select((policy, i) => ReadRetryPolicy(policy, $"{where}.RetryPolicies[{i}]")).ToList();
        return policies.Count > 0 && !type.TakesRetryPolicies ? throw DefinitionErrors.At(where, $"a step of type {type.Name} takes no RetryPolicies") : policies;
    }

    private static PropertyFile ReadPropertyFile(JsonElement file, JsonElement arguments, string where)
    {
        DefinitionReader.RequireOnly(file, where, "PropertyFileName", "OutputName", "FilePath");
        string Required(string name) => DefinitionReader.Text(file, name, where) ?? throw DefinitionErrors.At(where, $"{name} is missing");
        var read = new PropertyFile(Required("PropertyFileName"), Required("OutputName"), Required("FilePath"));
        var outputs = ValuePath.Parse("ProcessingOutputConfig.Outputs")!.Find(arguments);
        if (outputs is not { ValueKind: JsonValueKind.Array } list || !list.EnumerateArray().Any(o => DefinitionReader.Text(o, "OutputName", where) == read.OutputName))
        {
            throw DefinitionErrors.At(where, $"the step has no output named {read.OutputName}");
        }

        return read;
    }

    private static RetryPolicy ReadRetryPolicy(JsonElement policy, string where)
    {
        DefinitionReader.RequireOnly(policy, where, "ExceptionType", "IntervalSeconds", "BackoffRate", "MaxAttempts", "ExpireAfterMin");
        var types = DefinitionReader.Items(policy, "ExceptionType", where).Select(t => t.ToString()).ToList();
        if (types.Count == 0 || types.Any(t => !ExceptionTypes.Contains(t)))
        {
            throw DefinitionErrors.At(where, $"ExceptionType lists one or more of {string.Join(", ", ExceptionTypes)}");
        }

        var attempts = Number(policy, "MaxAttempts", 0, MostAttempts, where);
        var expiry = Number(policy, "ExpireAfterMin", 0, LongestExpiry, where);
        if (attempts is not null && expiry is not null)
        {
            throw DefinitionErrors.At(where, "it takes MaxAttempts or ExpireAfterMin, not both");
        }

        var interval = Number(policy, "IntervalSeconds", 0, LongestInterval, where) ?? 1;
        return new(
            types, (int)interval, Number(policy, "BackoffRate", 0, double.MaxValue, where) ?? 2,
            (int?)(attempts ?? (expiry is null ? DefaultAttempts : null)), (int?)expiry);
    }

    private static double? Number(JsonElement policy, string name, double least, double most, string where) => DefinitionReader.Given(policy, name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.GetDouble() >= least && value.GetDouble() <= most ? value.GetDouble()
        : throw DefinitionErrors.At(where, most == double.MaxValue ? $"{name} must be a number from {least}" : $"{name} must be a number from {least} to {most}");
}
