using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Steps.Extract;
using Slipway.Steps.Preprocess;
using Slipway.Steps.Validate;

namespace Slipway.Steps.Data;

/// <summary>The JSON files that the data steps write: names in snake case, indented.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(Lineage))]
[JsonSerializable(typeof(SplitReport))]
[JsonSerializable(typeof(ValidationReport))]
internal sealed partial class StepJson : JsonSerializerContext;
