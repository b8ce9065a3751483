using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.Tests.LocalAws.Storage;

public sealed class PageTests
{
    private static readonly IReadOnlyList<string> All = [.. Enumerable.Range(0, 25).Select(i => $"item-{i:00}")];

    [Fact]
    public void Who_deletes_what_each_page_gives_deletes_everything()
    {
        var left = All.ToList();
        var deleted = new List<string>();
        string? token = null;
        do
        {
            var page = Next(left, token);
            deleted.AddRange(page.Items);
            left.RemoveAll(page.Items.Contains);
            token = page.NextToken;
        }
        while (token is not null);

        Assert.Equal(All, deleted);
        Assert.Empty(left);
    }

    [Theory]
    [InlineData(9, 9, "item-10")]   // the last one given
    [InlineData(10, 10, "item-11")] // the one after it
    [InlineData(0, 10, "item-11")]  // all that was given, and that one
    [InlineData(9, 10, "item-11")]
    [InlineData(0, 24, null)]
    public void A_page_goes_on_where_the_one_before_ended_whatever_is_gone(int first, int last, string? next)
    {
        var token = Next(All, null).NextToken;
        var page = Next([.. All.Where((_, i) => i < first || i > last)], token);
        Assert.Equal(next, page.Items.Count > 0 ? page.Items[0] : null);
    }

    [Fact]
    public void Items_that_come_before_and_after_shift_no_page()
    {
        var token = Next(All, null).NextToken;
        Assert.Equal("item-10", Next(["before", .. All, "zz"], token).Items[0]);
        Assert.Equal("item-09a", Next([.. All.Append("item-09a").Order(StringComparer.Ordinal)], token).Items[0]);
    }

    [Theory]
    [InlineData("made up")]
    [InlineData("")]
    [InlineData("MTAvaXRlbS0wOQ==")] // 10/item-09
    [InlineData("bnVsbA==")]
    [InlineData("e30=")]
    [InlineData("eyJQb3NpdGlvbiI6MX0=")] // {"Position":1}
    public void What_no_listing_gave_is_refused(string token)
    {
        Assert.Equal("Invalid pagination token.", Assert.Throws<AwsException>(() => Next(All, token)).Message);
        Assert.Equal("own", Assert.Throws<AwsException>(() => Page.Of(All, i => i, token, 10, () => AwsErrors.Validation("own"))).Message);
    }

    private static Page<string> Next(IReadOnlyList<string> all, string? token) => Page.Of(all, i => i, token, 10);
}
