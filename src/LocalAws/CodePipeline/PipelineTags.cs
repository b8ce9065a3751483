using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>The tags of pipelines: https://docs.aws.amazon.com/codepipeline/latest/userguide/tag-resources.html</summary>
internal sealed class PipelineTags(PipelineTable table)
{
    private const int DefaultPage = 100;

    public void Tag(TagResource request) => Change(request.ResourceArn, tags => Checked(tags, request.Tags));

    public void Untag(UntagResource request) => Change(request.ResourceArn, tags => [.. tags.Where(t => !request.TagKeys.Contains(t.Key))]);

    public ListTagsForResource.Response List(ListTagsForResource request)
    {
        var page = Page.Of(ByArn(request.ResourceArn).Tags, t => t.Key, request.NextToken, request.MaxResults ?? DefaultPage, CodePipelineErrors.InvalidToken);
        return new(page.Items, page.NextToken);
    }

    /// <summary>Tags with more of them, a later value in place of an earlier.</summary>
    /// <exception cref="AwsException">InvalidTagsException, TooManyTagsException.</exception>
    public static IReadOnlyList<Tag> Checked(IReadOnlyList<Tag> tags, IReadOnlyList<Tag> more)
    {
        if (more.FirstOrDefault(t => TagLimits.IsReserved(t.Key)) is { } own)
        {
            throw CodePipelineErrors.Of("InvalidTags", $"The tag key {own.Key} starts with aws:, which is reserved");
        }

        List<Tag> all = [.. tags.Concat(more).GroupBy(t => t.Key).Select(g => g.Last()).OrderBy(t => t.Key, StringComparer.Ordinal)];
        return all.Count <= TagLimits.Most ? all : throw CodePipelineErrors.Of("TooManyTags", $"A resource has at most {TagLimits.Most} tags; these would be {all.Count}");
    }

    private StoredPipeline ByArn(string arn) => table.Find(arn[(arn.LastIndexOf(':') + 1)..]) is { } found && found.Arn == arn ? found
        : throw CodePipelineErrors.Of("ResourceNotFound", $"Could not find the resource {arn}");

    private void Change(string arn, Func<IReadOnlyList<Tag>, IReadOnlyList<Tag>> change) =>
        table.Change(ByArn(arn).Name, p => p with { Tags = change(p.Tags) });
}
