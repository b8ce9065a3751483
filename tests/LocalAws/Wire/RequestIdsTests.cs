using System.Collections.Concurrent;
using Slipway.LocalAws.Wire;

namespace Slipway.Tests.LocalAws.Wire;

/// <summary>The ids that requests are given.</summary>
public sealed class RequestIdsTests
{
    [Fact]
    public void Ids_are_random_UUIDs_and_no_two_are_the_same_whatever_thread_asks()
    {
        const int asked = 20_000;
        var ids = new ConcurrentDictionary<string, bool>();
        Parallel.For(0, asked, _ => ids.TryAdd(RequestIds.Next(), true));
        Assert.Equal(asked, ids.Count);
        Assert.All(ids.Keys, id => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id));
    }
}
