using System.Text.RegularExpressions;
using Slipway.Aws.Ssm;

namespace Slipway.LocalAws.Ssm;

/// <summary>Names for versions: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html</summary>
internal sealed partial class ParameterLabels(ParameterStore store)
{
    private const int MostOfOneVersion = 10;

    public LabelParameterVersion.Response Label(LabelParameterVersion request) => store.Write(() =>
    {
        var version = Require(request.Name, request.ParameterVersion);
        var valid = request.Labels.Distinct().ToLookup(l => Rule().IsMatch(l));
        foreach (var label in valid[true])
        {
            store.PutLabel(version.Name, label, version.Version);
        }

        return store.Labels(version.Name).Count(l => l.Version == version.Version) <= MostOfOneVersion
            ? new LabelParameterVersion.Response([.. valid[false]], version.Version)
            : throw SsmErrors.TooManyLabels();
    });

    public UnlabelParameterVersion.Response Unlabel(UnlabelParameterVersion request) => store.Write(() =>
    {
        var version = Require(request.Name, request.ParameterVersion);
        var removed = request.Labels.Distinct().ToLookup(l => store.RemoveLabel(version.Name, l, version.Version));
        return new UnlabelParameterVersion.Response([.. removed[true]], [.. removed[false]]);
    });

    // letters, digits, dot, hyphen and underscore; no digit first, nor aws or ssm
    [GeneratedRegex(@"\A(?![0-9])(?!aws|ssm)[a-zA-Z0-9_.\-]{1,100}\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Rule();

    private StoredParameter Require(string name, long? version)
    {
        var newest = store.Newest(name) ?? throw SsmErrors.NotFound(name);
        return version is null ? newest : store.Find(name, version.Value) ?? throw SsmErrors.NoVersion(name, version.Value);
    }
}
