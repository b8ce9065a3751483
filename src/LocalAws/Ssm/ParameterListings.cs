using Slipway.Aws.Ssm;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Ssm;

/// <summary>Parameters by path and by other conditions.</summary>
internal sealed class ParameterListings(ParameterStore store, ParameterReads reads)
{
    private const int PageByPath = 10;
    private const int DefaultPage = 50;

    public GetParametersByPath.Response ByPath(GetParametersByPath request)
    {
        if (request.Path[0] != '/')
        {
            throw AwsErrors.Validation($"""The path {request.Path} must begin with a forward slash "/".""");
        }

        var filters = new ParameterFilters(store, request.ParameterFilters ?? [], ParameterFilters.ByPath);
        var label = request.ParameterFilters?.FirstOrDefault(f => f.Key == "Label");
        var found = store.All("").Where(p => ParameterFilters.IsUnder(p.Name, request.Path, request.Recursive == true) && filters.Take(p));
        var page = Page.Of(found, p => p.Name, request.NextToken, request.MaxResults ?? PageByPath, SsmErrors.InvalidToken);
        return new([.. page.Items.Select(p => Labelled(p, label, request.WithDecryption)).OfType<Parameter>()], page.NextToken);
    }

    public DescribeParameters.Response Describe(DescribeParameters request)
    {
        var filters = new ParameterFilters(store, request.ParameterFilters ?? [], ParameterFilters.Described);
        var page = Page.Of(store.All("").Where(filters.Take), p => p.Name, request.NextToken, request.MaxResults ?? DefaultPage, SsmErrors.InvalidToken);
        return new(
            [.. page.Items.Select(p => new ParameterMetadata(
                p.Name, p.Arn, p.Type, p.Modified, p.User, p.Version, p.Tier, p.DataType, p.KeyId, p.Description, p.AllowedPattern))],
            page.NextToken);
    }

    /// <summary>The newest version, or the one that has the label that was asked for; null where others have taken that away since.</summary>
    private Parameter? Labelled(StoredParameter newest, ParameterStringFilter? filter, bool? withDecryption)
    {
        if (filter is null)
        {
            return reads.Read(newest, null, withDecryption);
        }

        var (label, version) = store.Labels(newest.Name).Find(l => filter.Values!.Contains(l.Label));
        return store.Find(newest.Name, version) is { } found ? reads.Read(found, label, withDecryption) : null;
    }
}
