using System.Text.RegularExpressions;

namespace Slipway.LocalAws.Access;

/// <summary>
/// The credentials that <c>--require-auth</c> names, in the form of the AWS command line's credentials file: a section
/// for each user, with <c>aws_access_key_id</c> and <c>aws_secret_access_key</c>. So clients can use the file as it is
/// (AWS_SHARED_CREDENTIALS_FILE): https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
/// </summary>
internal static partial class CredentialsFile
{
    private const string Id = "aws_access_key_id";
    private const string Secret = "aws_secret_access_key";

    /// <summary>Reads the file: users by name, each with an access key, at least one.</summary>
    /// <exception cref="InvalidDataException">The file has a mistake; the message names the line.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static IReadOnlyList<SigningCredential> Read(string file, string account)
    {
        var sections = new List<Section>();
        var number = 0;
        foreach (var line in File.ReadLines(file).Select(l => l.Trim()))
        {
            number++;
            if (line.StartsWith('['))
            {
                sections.Add(Open(file, number, line, sections));
            }
            else if (line.Length > 0 && line[0] is not ('#' or ';'))
            {
                Add(file, number, line, sections.LastOrDefault() ?? throw Wrong(file, number, "a [section] with the user's name must come first"));
            }
        }

        return sections.Count == 0
            ? throw Wrong(file, Math.Max(number, 1), $"it names no credentials: a section [NAME] with {Id} and {Secret} is expected")
            : Credentials(file, sections, account);
    }

    private static Section Open(string file, int number, string line, List<Section> sections)
    {
        var name = line.EndsWith(']') ? line[1..^1].Trim() : throw Wrong(file, number, "the section has no closing ]");
        return !UserName().IsMatch(name) ? throw Wrong(file, number, $"'{name}' is no user's name: 1 to 64 letters, digits and _+=,.@- are allowed")
            : sections.FirstOrDefault(s => s.Name == name) is { } other ? throw Wrong(file, number, $"the section [{name}] is there already, on line {other.Line}")
            : new(name, number, []);
    }

    private static void Add(string file, int number, string line, Section section)
    {
        var (name, value) = line.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, var right] ? (left.ToLowerInvariant(), right)
            : throw Wrong(file, number, $"'NAME = VALUE' is expected, with {Id} or {Secret} as the name");
        var pattern = name switch
        {
            Id => AccessKeyId(),
            Secret => SecretAccessKey(),
            "aws_session_token" => throw Wrong(file, number, "aws_session_token: temporary credentials come from AssumeRole, not from this file"),
            _ => throw Wrong(file, number, $"'{name}' is unknown; a section has {Id} and {Secret}"),
        };
        if (!pattern.IsMatch(value))
        {
            throw Wrong(file, number, name == Id
                ? $"{Id} must be 16 to 128 letters, digits and _, and must not start with ASIA as those of temporary credentials do"
                : $"{Secret} must be 16 to 128 characters without spaces");
        }

        if (!section.Values.TryAdd(name, (value, number)))
        {
            throw Wrong(file, number, $"{name} is there already, on line {section.Values[name].Line}");
        }
    }

    private static List<SigningCredential> Credentials(string file, List<Section> sections, string account)
    {
        var lines = new Dictionary<string, int>();
        var credentials = new List<SigningCredential>();
        foreach (var section in sections)
        {
            var id = section.Values.GetValueOrDefault(Id) is { Value: not null } found ? found : throw Wrong(file, section.Line, $"[{section.Name}] has no {Id}");
            var secret = section.Values.GetValueOrDefault(Secret).Value ?? throw Wrong(file, section.Line, $"[{section.Name}] has no {Secret}");
            credentials.Add(lines.TryAdd(id.Value, id.Line) ? new(id.Value, secret, Identity.User(account, section.Name))
                : throw Wrong(file, id.Line, $"the {Id} {id.Value} is another user's already, on line {lines[id.Value]}"));
        }

        return credentials;
    }

    private static InvalidDataException Wrong(string file, int line, string what) => new($"The credentials file {file} can't be used: line {line}: {what}.");

    [GeneratedRegex(@"\A[\w+=,.@-]{1,64}\z")]
    private static partial Regex UserName();

    [GeneratedRegex(@"\A(?!ASIA)[A-Za-z0-9_]{16,128}\z")]
    private static partial Regex AccessKeyId();

    [GeneratedRegex(@"\A\S{16,128}\z")]
    private static partial Regex SecretAccessKey();

    private sealed record Section(string Name, int Line, Dictionary<string, (string Value, int Line)> Values);
}
