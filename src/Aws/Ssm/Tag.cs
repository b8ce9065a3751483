using Slipway.Aws.Wire;

namespace Slipway.Aws.Ssm;

/// <summary>A tag: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Tag.html</summary>
public sealed record Tag([Length(1, 128), Pattern(Tag.Characters)] string Key, [Length(0, 256), Pattern(Tag.Characters)] string Value)
{
    internal const string Characters = @"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)";
}

/// <summary>Adds tags to a resource, or changes their values: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html</summary>
public sealed record AddTagsToResource(
    [OneOf("Document", "ManagedInstance", "MaintenanceWindow", "Parameter", "PatchBaseline", "OpsItem", "OpsMetadata", "Automation", "Association")] string ResourceType,
    string ResourceId, [Length(0, 1000)] IReadOnlyList<Tag> Tags) : IAwsRequest<AddTagsToResource.Response>
{
    /// <summary>Nothing.</summary>
    public sealed record Response;
}

/// <summary>Removes tags by key: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_RemoveTagsFromResource.html</summary>
public sealed record RemoveTagsFromResource(
    [OneOf("Document", "ManagedInstance", "MaintenanceWindow", "Parameter", "PatchBaseline", "OpsItem", "OpsMetadata", "Automation", "Association")] string ResourceType,
    string ResourceId, [Pattern(Tag.Characters)] IReadOnlyList<string> TagKeys) : IAwsRequest<RemoveTagsFromResource.Response>
{
    /// <summary>Nothing.</summary>
    public sealed record Response;
}

/// <summary>A resource's tags: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ListTagsForResource.html</summary>
public sealed record ListTagsForResource(
    [OneOf("Document", "ManagedInstance", "MaintenanceWindow", "Parameter", "PatchBaseline", "OpsItem", "OpsMetadata", "Automation", "Association")] string ResourceType,
    string ResourceId) : IAwsRequest<ListTagsForResource.Response>
{
    /// <summary>The tags.</summary>
    public sealed record Response(IReadOnlyList<Tag> TagList);
}
