using Slipway.Aws.Wire;

namespace Slipway.Aws.Ssm;

/// <summary>A tag: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Tag.html</summary>
public sealed record Tag([Length(1, 128), Pattern(Tag.Characters)] string Key, [Length(0, 256), Pattern(Tag.Characters)] string Value)
{
    internal const string Characters = @"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)";
}

/// <summary>The resources that have tags: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html</summary>
public enum ResourceTypeForTagging
{
    /// <summary>A document.</summary>
    Document,

    /// <summary>A machine that Systems Manager looks after.</summary>
    ManagedInstance,

    /// <summary>A time for maintenance.</summary>
    MaintenanceWindow,

    /// <summary>A parameter, the one that local AWS has.</summary>
    Parameter,

    /// <summary>Rules for patches.</summary>
    PatchBaseline,

    /// <summary>An item of OpsCenter.</summary>
    OpsItem,

    /// <summary>Metadata of an application.</summary>
    OpsMetadata,

    /// <summary>A run of an automation.</summary>
    Automation,

    /// <summary>A document bound to machines.</summary>
    Association,
}

/// <summary>Adds tags to a resource, or changes their values: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html</summary>
public sealed record AddTagsToResource(
    ResourceTypeForTagging ResourceType,
    string ResourceId, [Length(0, 1000)] IReadOnlyList<Tag> Tags) : IAwsRequest<AddTagsToResource.Response>
{
    /// <summary>Nothing.</summary>
    public sealed record Response;
}

/// <summary>Removes tags by key: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_RemoveTagsFromResource.html</summary>
public sealed record RemoveTagsFromResource(
    ResourceTypeForTagging ResourceType,
    string ResourceId, [Pattern(Tag.Characters)] IReadOnlyList<string> TagKeys) : IAwsRequest<RemoveTagsFromResource.Response>
{
    /// <summary>Nothing.</summary>
    public sealed record Response;
}

/// <summary>A resource's tags: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ListTagsForResource.html</summary>
public sealed record ListTagsForResource(
    ResourceTypeForTagging ResourceType,
    string ResourceId) : IAwsRequest<ListTagsForResource.Response>
{
    /// <summary>The tags.</summary>
    public sealed record Response(IReadOnlyList<Tag> TagList);
}
