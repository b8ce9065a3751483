using System.Text.Json;

namespace Slipway.LocalAws.Ecr;

/// <summary>What a rule of a lifecycle policy must be: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html</summary>
internal static class LifecycleRule
{
    private const string Counted = "imageCountMoreThan";
    private static readonly string[] Statuses = ["tagged", "untagged", "any"];
    private static readonly string[] Ages = ["sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned"];

    /// <summary>What is wrong with a rule, in words that follow "the rule", or null.</summary>
    public static string? Fault(JsonElement rule) =>
        Number(rule, "rulePriority") is not >= 1 ? "has no rulePriority that is a whole number from 1 on"
        : Member(rule, "selection") is not { ValueKind: JsonValueKind.Object } selection ? "has no selection"
        : OfTags(selection) ?? OfCount(selection) ?? OfAction(Member(rule, "action"));

    /// <summary>A rule's priority.</summary>
    public static int? Priority(JsonElement rule) => Number(rule, "rulePriority");

    /// <summary>Whether a rule selects images whatever their tags.</summary>
    public static bool SelectsAny(JsonElement rule) => Text(Member(rule, "selection"), "tagStatus") == "any";

    private static string? OfTags(JsonElement selection)
    {
        var status = Text(selection, "tagStatus");
        var lists = new[] { "tagPrefixList", "tagPatternList" }.Select(n => Member(selection, n)).Where(l => l is not null).ToList();
        return !Statuses.Contains(status) ? $"has the tagStatus '{status}', which must be tagged, untagged or any"
            : status != "tagged" ? lists.Count == 0 ? null : "has a tagPrefixList or a tagPatternList, which a tagStatus other than tagged must not have"
            : lists is [{ ValueKind: JsonValueKind.Array } list] && list.GetArrayLength() > 0 && list.EnumerateArray().All(t => t.ValueKind == JsonValueKind.String) ? null
            : "selects tagged images and needs either a tagPrefixList or a tagPatternList, of at least one text";
    }

    private static string? OfCount(JsonElement selection)
    {
        var (type, unit) = (Text(selection, "countType"), Member(selection, "countUnit"));
        return type != Counted && !Ages.Contains(type) ? $"has the countType '{type}', which must be {Counted}, {string.Join(", ", Ages[..^1])} or {Ages[^1]}"
            : type == Counted && unit is not null ? $"has a countUnit, which {Counted} must not have"
            : type != Counted && Text(selection, "countUnit") != "days" ? $"counts {type} and needs the countUnit days"
            : Number(selection, "countNumber") is not >= 1 ? "has no countNumber that is a whole number from 1 on"
            : null;
    }

    private static string? OfAction(JsonElement? action) => Text(action, "type") switch
    {
        "expire" => null,
        "transition" => Text(action, "targetStorageClass") == "archive" ? null : "has the action transition, which needs the targetStorageClass archive",
        var other => $"has the action '{other}', which must be expire or transition",
    };

    private static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } structure && structure.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? of, string name) => Member(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static int? Number(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;
}
