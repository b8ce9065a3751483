using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;

namespace Slipway.Aws.Wire;

/// <summary>Checks the limits that attributes state beside the members of a request, in AWS's words.</summary>
public static class Limits
{
    private static readonly ConcurrentDictionary<string, WholePattern> Patterns = new();
    private static readonly ConcurrentDictionary<Type, Member[]> Checked = new();

    /// <summary>Throws AWS's ValidationException for the first member that breaks a limit.</summary>
    public static void Check(object request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            // the path of each member is text that only an error needs
            Walk(request, null);
        }
        catch (AwsException)
        {
            Walk(request, "");
            throw;
        }
    }

    internal static string Join(string path, string member) =>
        (path.Length == 0 ? "" : path + ".") + char.ToLowerInvariant(member[0]) + member[1..];

    internal static string Readable(string path) => path.Length == 0 ? "" : "." + path;

    internal static AwsException Broken(string? value, string path, string constraint) =>
        AwsErrors.Validation(value == "null"
            ? $"1 validation error detected: Value null at '{path}' failed to satisfy constraint: {constraint}"
            : $"1 validation error detected: Value '{value}' at '{path}' failed to satisfy constraint: {constraint}");

    internal static void CheckOneOf(string value, IReadOnlyList<string> allowed, string path)
    {
        if (!allowed.Contains(value))
        {
            throw Broken(value, path, $"Member must satisfy enum value set: [{string.Join(", ", allowed)}]");
        }
    }

    private static void Walk(object? value, string? path)
    {
        switch (value)
        {
            case null:
                // an item of a list or a value of a map: the reader of JSON lets it through
                throw Broken("null", path ?? "", "Member must not be null");
            case string or byte[]:
                return;
            case IDictionary map:
                foreach (DictionaryEntry entry in map)
                {
                    Walk(entry.Value, path is null ? null : $"{path}.{entry.Key}.member");
                }

                return;
            case IEnumerable list:
                var i = 0;
                foreach (var item in list)
                {
                    i++;
                    Walk(item, path is null ? null : $"{path}.{i}.member");
                }

                return;
            default:
                WalkRecord(value, path);
                return;
        }
    }

    private static void WalkRecord(object record, string? path)
    {
        foreach (var member in Checked.GetOrAdd(record.GetType(), static t => Members.IsRecord(t) ? [.. Members.Of(t)] : []))
        {
            if (member.ValueIn(record) is { } value)
            {
                var at = path is null ? null : Join(path, member.Name);
                CheckMember(member, value, at ?? "");
                Walk(value, at);
            }
        }
    }

    /// <summary>Throws AWS's ValidationException, or the member's own error, where a member's own value, whatever lies inside it, breaks a limit.</summary>
    public static void CheckMember(Member member, object value, string path)
    {
        ArgumentNullException.ThrowIfNull(member);
        try
        {
            CheckLimits(member, value, path);
        }
        catch (AwsException e) when (member.Limits.Errors is { } own)
        {
            throw new AwsException(own.Invalid, e.Status, e.Message, inner: e);
        }
    }

    /// <summary>The error for a required member that is absent.</summary>
    internal static AwsException Missing(Member member, string path)
    {
        var broken = Broken("null", path, "Member must not be null");
        return member.Attribute<ErrorsAttribute>()?.Missing is { } code ? new AwsException(code, broken.Status, broken.Message) : broken;
    }

    private static void CheckLimits(Member member, object value, string path)
    {
        var limits = member.Limits;
        if (limits.Length is { } length)
        {
            CheckLength(value, length, path);
        }

        if (limits.Range is { } range)
        {
            CheckRange(Convert.ToDouble(value, CultureInfo.InvariantCulture), range, path);
        }

        if (limits.Pattern is null && limits.OneOf is null)
        {
            return;
        }

        if (value is string single)
        {
            CheckText(limits, single, path);
        }
        else if (value is IEnumerable<string?> texts)
        {
            // an item that is null is told of with the others
            foreach (var text in texts.OfType<string>())
            {
                CheckText(limits, text, path);
            }
        }
    }

    /// <summary>A pattern; the same one for each member that has it.</summary>
    internal static WholePattern Pattern(string pattern) => Patterns.GetOrAdd(pattern, static p => new(p));

    private static void CheckText(MemberLimits limits, string text, string path)
    {
        if (limits.Pattern is { } pattern && !pattern.Matches(text))
        {
            throw Broken(text, path, $"Member must satisfy regular expression pattern: {pattern.Text}");
        }

        if (limits.OneOf is { } oneOf)
        {
            CheckOneOf(text, oneOf.Values, path);
        }
    }

    private static void CheckLength(object value, LengthAttribute limit, string path)
    {
        var length = value switch
        {
            string text => text.Length,
            byte[] bytes => bytes.Length,
            ICollection items => items.Count,
            _ => throw new InvalidOperationException($"{path} has no length"),
        };
        if (length < limit.Min)
        {
            throw Broken(Shown(), path, $"Member must have length greater than or equal to {limit.Min}");
        }

        if (length > limit.Max)
        {
            throw Broken(Shown(), path, $"Member must have length less than or equal to {limit.Max}");
        }

        string Shown() => value as string ?? $"{length} {(value is byte[] ? "bytes" : "items")}";
    }

    private static void CheckRange(double value, RangeAttribute limit, string path)
    {
        // what is no number is less than nothing and greater than nothing
        if (!(value >= limit.Min))
        {
            throw Broken(value.ToString(CultureInfo.InvariantCulture), path, $"Member must have value greater than or equal to {limit.Min}");
        }

        if (value > limit.Max)
        {
            throw Broken(value.ToString(CultureInfo.InvariantCulture), path, $"Member must have value less than or equal to {limit.Max}");
        }
    }
}
