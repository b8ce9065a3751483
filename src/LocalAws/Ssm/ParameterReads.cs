using System.Globalization;
using Slipway.Aws.Ssm;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Ssm;

/// <summary>Parameters read by name, and their history.</summary>
internal sealed class ParameterReads(ParameterStore store, SecureStrings secure)
{
    private const int DefaultPage = 50;

    public GetParameter.Response Get(GetParameter request)
    {
        var name = ParameterName.Parse(request.Name);
        return new(Read(Select(name), name.Selector, request.WithDecryption));
    }

    public GetParameters.Response Get(GetParameters request)
    {
        var found = new List<Parameter>();
        var missing = new List<string>();
        foreach (var text in request.Names.Distinct())
        {
            var name = ParameterName.Parse(text);
            if (Find(name) is { } parameter)
            {
                found.Add(Read(parameter, name.Selector, request.WithDecryption));
            }
            else
            {
                missing.Add(text);
            }
        }

        return new([.. found.OrderBy(p => p.Name, StringComparer.Ordinal)], missing);
    }

    public GetParameterHistory.Response History(GetParameterHistory request)
    {
        var asked = ParameterName.Parse(request.Name);
        var name = store.Resolve(asked);
        var versions = asked.Selector is null ? store.Versions(name) : [];
        if (versions.Count == 0)
        {
            throw SsmErrors.NotFound(request.Name);
        }

        var labels = store.Labels(name).ToLookup(l => l.Version, l => l.Label);
        var page = Page.Of(
            versions, v => v.Version.ToString(CultureInfo.InvariantCulture), request.NextToken, request.MaxResults ?? DefaultPage, SsmErrors.InvalidToken);
        return new(
            [.. page.Items.Select(v => new ParameterHistory(
                v.Name, v.Type, v.Modified, v.User, secure.ValueOf(v, request.WithDecryption), v.Version, [.. labels[v.Version]], v.Tier, v.DataType,
                v.KeyId, v.Description, v.AllowedPattern))],
            page.NextToken);
    }

    /// <summary>A version as an answer gives it.</summary>
    public Parameter Read(StoredParameter parameter, string? selector, bool? withDecryption) => new(
        parameter.Name, parameter.Type, secure.ValueOf(parameter, withDecryption), parameter.Version, parameter.Modified, parameter.Arn, parameter.DataType,
        selector is null ? null : ":" + selector);

    /// <summary>The version that a name and its selector mean.</summary>
    /// <exception cref="AwsException">ParameterNotFound or ParameterVersionNotFound.</exception>
    private StoredParameter Select(ParameterName name) => Find(name) ?? throw (
        store.Newest(store.Resolve(name)) is not { } newest ? SsmErrors.NotFound(name.Name)
        : name.Version is { } version ? SsmErrors.NoVersion(newest.Name, version)
        : SsmErrors.NoLabel(newest.Name, name.Selector!));

    private StoredParameter? Find(ParameterName text)
    {
        var name = store.Resolve(text);
        return text switch
        {
            { Selector: null } => store.Newest(name),
            { Version: { } version } => store.Find(name, version),
            _ => store.Labels(name).FirstOrDefault(l => l.Label == text.Selector) is { Label: not null } label ? store.Find(name, label.Version) : null,
        };
    }
}
