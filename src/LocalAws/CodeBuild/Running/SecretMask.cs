namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>Puts <c>***</c> in the place of secrets, in the log and wherever else a build's words go.</summary>
internal sealed class SecretMask
{
    private const string Masked = "***";
    private volatile string[] _secrets = [];

    /// <summary>Hides a value from now on; of a value with several lines each line.</summary>
    public void Add(string secret) => _secrets =
        [.. _secrets.Concat(secret.Split('\n').Select(l => l.TrimEnd('\r')).Append(secret)).Where(s => s.Trim().Length > 0).Distinct().OrderByDescending(s => s.Length)];

    /// <summary>A text without the secrets.</summary>
    public string Apply(string text)
    {
        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, Masked, StringComparison.Ordinal);
        }

        return text;
    }
}
