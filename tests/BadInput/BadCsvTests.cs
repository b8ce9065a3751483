using System.Text;
using Amazon.Runtime;
using Slipway.Aws.Client;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.SageMaker;
using Slipway.Tests.Clients;

namespace Slipway.Tests.BadInput;

/// <summary>The table of bad CSVs, through the command line; and the odd ones that are good.</summary>
public sealed class BadCsvTests : IClassFixture<LocalAwsFixture>, IAsyncLifetime
{
    private const string Bucket = "bad-csv";

    private const string Visits = """
        name: visits
        record_identifier: { column: visit }
        event_time: { column: at }
        label: { column: bought }
        ignored_columns: [note]
        features:
          - category: shop
            values: [north, "so,uth", "ea\"st"]
        """;

    private readonly LocalAwsFixture _aws;
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;
    private AwsSession _session = null!;

    public BadCsvTests(LocalAwsFixture aws) => _aws = aws;

    public static TheoryData<string> Cases => [.. CsvCase.All.Select(c => c.Name)];

    /// <summary>Forms of one CSV that all say the same.</summary>
    public static TheoryData<string, byte[]> GoodForms => new()
    {
        { "as it is", Encoding.UTF8.GetBytes(Good) },
        { "with a byte order mark", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Good)] },
        { "with CRLF", Encoding.UTF8.GetBytes(string.Concat(Rows.Select(row => row + "\r\n"))) },
        { "with blank lines and no last line break", Encoding.UTF8.GetBytes("\n" + Good.Replace("\nb", "\n\n\nb", StringComparison.Ordinal).TrimEnd('\n')) },
        { "in UTF-16 with a mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Good)] },
        { "all quoted", Encoding.UTF8.GetBytes(Good.Replace("b,2026-01-02T00:00:00Z,plain,,0", "\"b\",\"2026-01-02T00:00:00Z\",\"plain\",\"\",\"0\"", StringComparison.Ordinal)) },
    };

    private static string[] Rows =>
    [
        "visit,at,note,shop,bought",
        "\"a \"\"1\"\", x\n2\",2026-01-01T00:00:00Z,\"two\nlines\",\"so,uth\",1",
        "b,2026-01-02T00:00:00Z,plain,,0",
        "üß日本😀,2026-01-03T00:00:00Z,é,\"ea\"\"st\",1",
    ];

    private static string Good => string.Concat(Rows.Select(row => row + "\n"));

    public async ValueTask InitializeAsync()
    {
        _session = new AwsSession(_aws.Server.Endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
        await _session.S3.PutBucketAsync(Bucket);
    }

    public ValueTask DisposeAsync()
    {
        _session.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Ingest_says_what_is_wrong_and_loads_nothing(string name)
    {
        var expected = CsvCase.All.Single(c => c.Name == name);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "bad.csv"), expected.Csv);
        var run = await Slipway("ingest", "--csv", "bad.csv");
        Assert.Equal(Lines(expected.Ingest!), run.Error);
        Assert.Equal(2, run.ExitCode);
        Assert.Null((await _session.S3.ListObjectsV2Async(new() { BucketName = Bucket })).S3Objects);
        Assert.Empty((await _session.Aws.Send(new ListFeatureGroups())).FeatureGroupSummaries);
        Assert.Equal(["bad.csv"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Infer_says_what_is_wrong_and_writes_nothing(string name)
    {
        var expected = CsvCase.All.Single(c => c.Name == name);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "bad.csv"), expected.Csv);
        var run = await Slipway("dataset", "infer", "--csv", "bad.csv", "--output", "spec.yaml");
        Assert.Equal(expected.Infer is null ? "" : Lines(expected.Infer), run.Error);
        Assert.Equal(expected.Infer is null ? 0 : 2, run.ExitCode);
        Assert.Equal(expected.Infer is null, File.Exists(Path.Combine(_folder, "spec.yaml")));
    }

    [Theory]
    [MemberData(nameof(GoodForms))]
    public async Task Odd_but_right_CSVs_load_as_they_are(string form, byte[] csv)
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "good.csv"), csv);
        await File.WriteAllTextAsync(Path.Combine(_folder, "visits.yaml"), Visits);
        var group = "good-" + form.Replace(' ', '-');
        try
        {
            var run = await Slipway("ingest", "--csv", "good.csv", "--specification", "visits.yaml", "--feature-group", group);
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            Assert.Equal("so,uth 1", await Record(group, "a \"1\", x\n2"));
            Assert.Equal("0", await Record(group, "b"));
            Assert.Equal("ea\"st 1", await Record(group, "üß日本😀"));
            using var uploaded = await _session.S3.GetObjectAsync(Bucket, "datasets/good.csv");
            Assert.Equal(Good, await new StreamReader(uploaded.ResponseStream).ReadToEndAsync());
        }
        finally
        {
            await Empty(group);
        }
    }

    private async Task<string> Record(string group, string identifier)
    {
        var record = (await _session.Aws.Send(new GetRecord(group, identifier))).Record ?? [];
        return string.Join(' ', record.Where(v => v.FeatureName is "shop" or "bought").OrderByDescending(v => v.FeatureName, StringComparer.Ordinal).Select(v => v.ValueAsString));
    }

    // the bad ones are to find nothing there
    private async Task Empty(string group)
    {
        await _session.Aws.Send(new DeleteFeatureGroup(group));
        while ((await _session.S3.ListObjectsV2Async(new() { BucketName = Bucket })).S3Objects is { Count: > 0 } objects)
        {
            await _session.S3.DeleteObjectsAsync(new() { BucketName = Bucket, Objects = objects.ConvertAll(o => new Amazon.S3.Model.KeyVersion { Key = o.Key }) });
        }
    }

    /// <summary>Lines of faults are as they are; the last one is the command line's own.</summary>
    private static string Lines(string expected)
    {
        var lines = expected.Trim().Split('\n');
        lines[^1] = "slipway: " + lines[^1].Replace("…", CsvCase.Nothing, StringComparison.Ordinal);
        return string.Join('\n', lines) + "\n";
    }

    private Task<Command> Slipway(params string[] arguments)
    {
        var environment = new Dictionary<string, string>(_aws.Environment) { ["DATA_BUCKET"] = Bucket };
        return Command.Slipway(arguments, environment, _folder);
    }
}
