using System.Collections.Concurrent;
using System.Reflection;

namespace Slipway.Aws.Wire;

/// <summary>Where the members of a record travel in REST-JSON; those that it doesn't name travel in the body.</summary>
/// <param name="Rest">Method and path; null for a response.</param>
/// <param name="Labels">Members in the path, with their label.</param>
/// <param name="Headers">Members in headers, with the header's name.</param>
/// <param name="Query">Members in the query string, with their name there.</param>
/// <param name="Payload">The member that is the whole body, or null.</param>
internal sealed record RestPlan(
    RestAttribute? Rest, IReadOnlyList<(Member Member, string Name)> Labels, IReadOnlyList<(Member Member, string Name)> Headers,
    IReadOnlyList<(Member Member, string Name)> Query, Member? Payload)
{
    private static readonly ConcurrentDictionary<Type, RestPlan> Known = new();

    /// <summary>The plan of a request or a response.</summary>
    public static RestPlan Of(Type record) => Known.GetOrAdd(record, Make);

    /// <summary>Whether a member travels outside a JSON body.</summary>
    public bool IsOutside(string member) =>
        Payload?.Name == member || Labels.Concat(Headers).Concat(Query).Any(m => m.Member.Name == member);

    private static RestPlan Make(Type record)
    {
        var rest = record.GetCustomAttribute<RestAttribute>();
        var members = Members.Of(record);
        return new(
            rest,
            [.. members.Select(m => (m, Label: $"{{{m.Name}}}")).Where(m => rest?.Path.Contains(m.Label, StringComparison.Ordinal) == true)],
            [.. members.Where(m => m.Attribute<HeaderAttribute>() is not null).Select(m => (m, m.Attribute<HeaderAttribute>()!.Name))],
            [.. members.Where(m => m.Attribute<QueryAttribute>() is not null).Select(m => (m, m.Attribute<QueryAttribute>()!.Name))],
            members.FirstOrDefault(m => m.Attribute<PayloadAttribute>() is not null));
    }
}
