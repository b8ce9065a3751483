using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Slipway.Tests.Fuzzing;

/// <summary>
/// Changes what the readers take, over and over (docs/testing.md): none may crash, hang, or take memory without bounds.
/// The same seed gives the same inputs. What was found is in Found, by its target, and is read each time.
/// </summary>
public sealed class FuzzTests(FuzzTargets targets) : IClassFixture<FuzzTargets>
{
    private static readonly int Iterations = Setting("SLIPWAY_FUZZ_ITERATIONS", 400);
    private static readonly int Seed = Setting("SLIPWAY_FUZZ_SEED", 20261123);
    private static readonly string Found = Path.Combine(Repository.Root, "tests", "Fuzzing", "Found");

    public static TheoryData<string> Names => [.. FuzzTargets.Names];

    public static TheoryData<string, string> Inputs => [.. Directory.GetFiles(Found, "*", SearchOption.AllDirectories)
        .Select(f => (Path.GetFileName(Path.GetDirectoryName(f))!, Path.GetFileName(f))).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_reader_reads_whatever_comes(string name)
    {
        var target = targets.Find(name);
        Assert.All(target.Seeds, target.Try);
        // FsCheck's generator wants an odd second number
        var config = Config.QuickThrowOnFailure.WithMaxTest(Math.Max(1, Iterations / target.Cost)).WithReplay((ulong)Seed, 1);
        Check.One(config, Prop.ForAll(Mutant.Of(target), mutant => target.Try(mutant.Bytes(target))));
    }

    /// <summary>A seed that is refused at the door is far from the code behind it.</summary>
    [Theory]
    [InlineData("wire-query", 1, 400)]
    [InlineData("wire-query", 3, 200)]
    [InlineData("wire-rest-xml", 3, 200)]
    [InlineData("wire-json", 3, 200)]
    [InlineData("wire-rest-json", 2, 200)]
    [InlineData("wire-chunked", 0, 200)]
    [InlineData("wire-multipart", 0, 204)]
    public void Seeds_come_as_far_as_their_operation(string name, int seed, int status) => Assert.Equal(status, targets.Send(name, seed));

    [Fact]
    public void A_form_is_taken_as_its_policy_says() => Assert.Equal(FormTarget.Taken, FormTarget.Taken.Select((_, seed) => targets.SendForm(seed)));

    [Theory]
    [MemberData(nameof(Inputs))]
    public void What_was_found_stays_found(string name, string input) =>
        targets.Find(name).Try(File.ReadAllBytes(Path.Combine(Found, name, input)));

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
