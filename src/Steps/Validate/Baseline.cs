using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Validate;

/// <summary>
/// Baseline statistics in the form of SageMaker Model Monitor
/// (https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-byoc-statistics.html and -constraints.html), written
/// by this run and read back by the next, to see drift.
/// </summary>
/// <param name="Features">By name.</param>
internal sealed record Baseline(IReadOnlyDictionary<string, BaselineFeature> Features)
{
    /// <summary>The bounds of a number's buckets; null where the baseline has no such number.</summary>
    public IReadOnlyList<double>? Edges(string feature) =>
        Features.TryGetValue(feature, out var found) && found.Buckets is { Count: > 0 } buckets
            ? [.. buckets.Select(bucket => bucket.LowerBound), buckets[^1].UpperBound] : null;

    /// <summary>Reads statistics.json.</summary>
    /// <exception cref="InvalidDataException">It is not of Model Monitor's form.</exception>
    public static Baseline Read(string json)
    {
        try
        {
            var features = JsonNode.Parse(json)?["features"]?.AsArray()
                ?? throw new InvalidDataException("The baseline's statistics have no 'features'.");
            return new Baseline(features.Select(feature => Feature(feature!)).ToDictionary(feature => feature.Name, StringComparer.Ordinal));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("The baseline's statistics are not of Model Monitor's form: " + e.Message, e);
        }
    }

    /// <summary>The content of statistics.json.</summary>
    public static string Statistics(DataStatistics data) => Json(new JsonObject
    {
        ["version"] = 0.0,
        ["dataset"] = new JsonObject { ["item_count"] = data.Rows },
        ["features"] = new JsonArray([.. data.Columns.Select(Statistics)]),
    });

    /// <summary>The content of constraints.json.</summary>
    public static string Constraints(DataStatistics data, DataSetSpecification specification) => Json(new JsonObject
    {
        ["version"] = 0.0,
        ["features"] = new JsonArray([.. data.Columns.Select(column => Constraints(column, specification))]),
        ["monitoring_config"] = new JsonObject
        {
            ["evaluate_constraints"] = "Enabled",
            ["emit_metrics"] = "Enabled",
            ["datatype_check_threshold"] = 1.0,
            ["domain_content_threshold"] = 1.0,
            ["distribution_constraints"] = new JsonObject
            {
                ["perform_comparison"] = "Enabled",
                ["comparison_threshold"] = 0.1,
                ["comparison_method"] = "Robust",
            },
        },
    });

    private static JsonObject Statistics(ColumnStatistics column)
    {
        var common = new JsonObject { ["num_present"] = column.Present, ["num_missing"] = column.Missing };
        return column.Number is { } number
            ? new JsonObject
            {
                ["name"] = column.Name,
                ["inferred_type"] = column.Type,
                ["numerical_statistics"] = new JsonObject
                {
                    ["common"] = common,
                    ["mean"] = number.Mean,
                    ["sum"] = number.Sum,
                    ["std_dev"] = number.StdDev,
                    ["min"] = number.Min,
                    ["max"] = number.Max,
                    ["distribution"] = new JsonObject
                    {
                        ["kll"] = new JsonObject
                        {
                            ["buckets"] = new JsonArray([.. number.Buckets.Select(bucket => new JsonObject
                            {
                                ["lower_bound"] = bucket.LowerBound,
                                ["upper_bound"] = bucket.UpperBound,
                                ["count"] = bucket.Count,
                            })]),
                        },
                    },
                },
            }
            : new JsonObject
            {
                ["name"] = column.Name,
                ["inferred_type"] = column.Type,
                ["string_statistics"] = new JsonObject
                {
                    ["common"] = common,
                    ["distinct_count"] = (double)column.Values!.Count(value => value.Count > 0),
                    ["distribution"] = new JsonObject
                    {
                        ["categorical"] = new JsonObject
                        {
                            ["buckets"] = new JsonArray([.. column.Values!.Select(value =>
                                new JsonObject { ["value"] = value.Value, ["count"] = value.Count })]),
                        },
                    },
                },
            };
    }

    private static JsonObject Constraints(ColumnStatistics column, DataSetSpecification specification)
    {
        var constraints = new JsonObject
        {
            ["name"] = column.Name,
            ["inferred_type"] = column.Type,
            ["completeness"] = 1 - column.MissingRate,
        };
        if (column.Number is { } number)
        {
            var lowest = specification.Features.OfType<NumberFeature>().Single(feature => feature.Column == column.Name).Min ?? number.Min;
            constraints["num_constraints"] = new JsonObject { ["is_non_negative"] = lowest >= 0 };
        }
        else
        {
            constraints["string_constraints"] = new JsonObject
            {
                ["domains"] = new JsonArray([.. column.Values!.Select(value => JsonValue.Create(value.Value))]),
            };
        }
        return constraints;
    }

    private static BaselineFeature Feature(JsonNode feature)
    {
        var numbers = feature["numerical_statistics"];
        var common = (numbers ?? feature["string_statistics"])!["common"]!;
        var buckets = numbers?["distribution"]?["kll"]?["buckets"]?.AsArray();
        var values = feature["string_statistics"]?["distribution"]?["categorical"]?["buckets"]?.AsArray();
        return new BaselineFeature((string)feature["name"]!, (double)common["num_present"]!, (double)common["num_missing"]!,
            buckets?.Select(b => new Bucket((double)b!["lower_bound"]!, (double)b["upper_bound"]!, (double)b["count"]!)).ToList(),
            values?.Select(v => new ValueCount((string)v!["value"]!, (double)v["count"]!)).ToList());
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static string Json(JsonObject value) => value.ToJsonString(Indented);
}

/// <summary>A feature in a baseline.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Present">Rows with a known value.</param>
/// <param name="Missing">Rows without.</param>
/// <param name="Buckets">A number's buckets; else null.</param>
/// <param name="Values">A category's values; else null.</param>
internal sealed record BaselineFeature(
    string Name, double Present, double Missing, IReadOnlyList<Bucket>? Buckets, IReadOnlyList<ValueCount>? Values);
