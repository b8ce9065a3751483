using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodeBuild.Buildspecs;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Forms;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.Wire;
using Slipway.ModelServer.Models;
using Slipway.ModelServer.Serving;
using Slipway.Tests.BadInput;
using Slipway.Tests.Clients;
using Slipway.Tests.Steps.Train;
using Slipway.Tests.Workflow.DataSets;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Pipelines;

namespace Slipway.Tests.Fuzzing;

/// <summary>The readers that are fuzzed, with what they need: a local AWS, and a model.</summary>
public sealed class FuzzTargets : IAsyncLifetime
{
    private readonly LocalAwsFixture _aws = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;
    private TrainingRun _training = null!;
    private List<FuzzTarget> _targets = [];

    private const string BuildspecSeed = """
        version: 0.2
        env: {shell: bash, variables: {A: &a "1"}, parameter-store: {B: /b}, exported-variables: [A], git-credential-helper: yes}
        phases:
          install: &install {runtime-versions: {python: 3.x}, commands: [x], on-failure: ABORT}
          build:
            <<: {finally: [y]}
            commands:
              - |
                one
              - *a
        artifacts: {files: ['**/*'], name: n, discard-paths: no, secondary-artifacts: {s: {files: [z], base-directory: d}}}
        cache: {paths: [p]}
        """;

    /// <summary>What the targets are called.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["csv", "csv-infer", "yaml", "image-map", "buildspec", "definition", "model-text", "encoder", "training-record", "tar", "tar-gz", "chunked", "invocation", "wire-query", "wire-rest-xml", "wire-json", "wire-rest-json", "wire-chunked", "wire-multipart", "head", "post-policy"];

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        _aws.Server.Part<Buckets>().Create("fuzz", "us-east-1");
        _training = await TrainingRun.TrainedAsync(TrainingRun.Sample(600), hyperparameters: new { num_boost_round = "5", num_leaves = "8" });
        _targets = [.. Data(), .. Model(), .. Wire(), Head(), .. Policies()];
        Assert.Equal(Names, _targets.Select(t => t.Name));
    }

    public async ValueTask DisposeAsync()
    {
        _training?.Dispose();
        await _aws.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Sends a target's seed as it is, and gives the answer's status.</summary>
    internal int Send(string name, int seed) =>
        WireRequest.Send(_aws.Server.Part<WireEndpoint>(), Path.Combine(_aws.DataDirectory, "server.log"), Find(name).Seeds[seed]);

    internal FuzzTarget Find(string name) => _targets.Single(t => t.Name == name);

    private IEnumerable<FuzzTarget> Data()
    {
        string[] csv = [TrainingRun.Sample(5), "id,full_name,age,gender,device_type,ad_position,browsing_history,time_of_day,click\r\n1,\"a \"\"b\"\",\nc\",30,Female,,Top,,,1\r\n"];
        string[] words = [",", "\"", "\"\"", "\r\n", "\n", "\r", "\0", "\uFEFF", "é", "😀", "1", "1e5", "2026-01-01T00:00:00Z", ",,,", "id", "age"];
        yield return new("csv", Seeds(csv), words, input => Expect<CsvException>(() =>
        {
            var rows = ReadRow.All(new MemoryStream(input), DataSetSpecification.AdClick, "fuzz.csv");
            Assert.All(rows, row => Assert.True(row.Errors.Count > 0 || row.Values.Count == DataSetSpecification.AdClick.Columns.Count));
        }));
        yield return new("csv-infer", Seeds(csv), words, input => Expect<CsvException>(() =>
        {
            var path = Path.Combine(_folder, "fuzz.csv");
            File.WriteAllBytes(path, input);
            // what it writes must be what the reader of specifications takes
            DataSetSpecification.Parse(SpecificationInference.Infer(path));
        }), Cost: 20);
        string[] yaml = [DataSetSpecification.AdClickYaml, "name: a\nlabel: { column: y }\nfeatures: [{ number: x, min: 0 }]\ncsv_columns: { x: \"X \\u00e9\" }\nsplit: { strategy: time, seed: 7 }\n"];
        yield return new("yaml", Seeds(yaml), [.. YamlWords, "features:"],
            input => Expect<SpecificationException>(() => DataSetSpecification.Parse(Encoding.UTF8.GetString(input))));
        string[] images = ["- image: \"*/command:*\"\n  command: []\n- image: a?b\n  command: [python3, \"-m\", serve]\n", "[{ image: x, command: [sh, -c, 'exec \"$@\"'] }]"];
        yield return new("image-map", Seeds(images), [.. YamlWords, "image:", "command:", "*", "?", "\\"], ReadImages, Cost: 2);
        yield return new("buildspec", Seeds(File.ReadAllText(Path.Combine(Repository.Root, "template", "buildspec.yml")), BuildspecSeed), [.. YamlWords, "phases:", "commands:", "0.2"],
            input => Expect<BuildspecException>(() => BuildspecReader.Read(Encoding.UTF8.GetString(input))));
        var reader = _aws.Server.Part<DefinitionReader>();
        yield return new("definition", Seeds(Definition()), [.. JsonWords, "{\"Get\":\"Steps.Train.TrainingJobName\"}", "{\"Std:Join\":{\"On\":\"/\",\"Values\":[]}}", "{\"Std:JsonGet\":{}}", "Steps['a'][0]", "$", "..", "\"Type\":\"Condition\"", "\"DependsOn\":[\"Gate\"]"],
            input => ExpectAws(() => reader.Read(Encoding.UTF8.GetString(input))));
    }

    private void ReadImages(byte[] input)
    {
        var path = Path.Combine(_folder, "images.yaml");
        File.WriteAllBytes(path, input);
        Expect<InvalidDataException>(() => new ImageMap(new() { DataDirectory = _folder, ImageMap = path }).Find("000000000000.dkr.ecr.us-east-1.amazonaws.com/command:1"));
    }

    private IEnumerable<FuzzTarget> Model()
    {
        string Text(string file) => File.ReadAllText(Path.Combine(_training.ModelFolder, file));
        yield return new("model-text", Seeds(Text("model.txt")), ["Tree=0", "end of trees", "num_leaves=", "left_child=", "=", " ", "\n", "inf", "nan", "-1", "num_cat=1", "is_linear=1", "tree\n", "split_feature=", "max_feature_idx="],
            input => Expect<InvalidDataException>(() =>
            {
                var forest = Forest.Parse(Encoding.UTF8.GetString(input));
                var row = new float[forest.InputNames.Count];
                foreach (var value in new[] { 0, 1, -1e30f, float.NaN, float.PositiveInfinity })
                {
                    row.AsSpan().Fill(value);
                    Assert.InRange(forest.Predict(row), 0, 1);
                }
            }));
        yield return new("encoder", Seeds(Text("encoder.json")), JsonWords, input => Expect<InvalidDataException>(() => Slipway.Workflow.DataSets.Encoder.FromJson(Encoding.UTF8.GetString(input))));
        yield return new("training-record", Seeds(Text("training.json")), JsonWords, input => Expect<InvalidDataException>(() => TrainingRecord.FromJson(Encoding.UTF8.GetString(input))));
        var tar = Archives.Tar(Archives.File("model.txt", "tree"), Archives.File("code/serve.py", "print()"), new System.Formats.Tar.GnuTarEntry(System.Formats.Tar.TarEntryType.Directory, new string('d', 120) + "/"));
        string[] words = ["../", "/etc/x", "ustar\0", "ustar  \0", "00000000000\0", "77777777777\0", "27 path=aaaaaaaaaaaaaaaaaaa\n", "2", "x", "L", "\0\0\0\0"];
        yield return new("tar", [tar, Archives.Tar(new System.Formats.Tar.UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "a") { DataStream = new MemoryStream([1, 2, 3]) })], words, input => Extract(Archives.Gzip(Summed(input))), Cost: 2);
        yield return new("tar-gz", [Archives.Gzip(tar)], words, Extract, Cost: 2);
    }

    private IEnumerable<FuzzTarget> Wire()
    {
        yield return new("chunked", Seeds("5;chunk-signature=ab\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"), ["\r\n", "0\r\n", ";", ":", "ffffffff", "7fffffffffffffff", "-1"], input => ExpectAws(() =>
        {
            using var chunked = new AwsChunkedStream(new MemoryStream(input));
            chunked.CopyToAsync(Stream.Null).GetAwaiter().GetResult();
        }));
        var model = new Invocations(Slipway.ModelServer.Models.Model.Load(_training.ModelFolder));
        yield return new("invocation", Seeds("text/csv\n25,1,0,1,0,0,1,1\n,,,,,,0,0\n", "text/csv\nage,gender\n25,Female\n", "application/json\n{\"instances\":[{\"age\":25,\"gender\":\"Female\"},[25,1,0,1,0,0,1,1]]}", "application/jsonlines\n{\"age\":25}\n[25,1,0,1,0,0,1,1]\n"),
            [.. JsonWords, ",", "\r\n", "age", "age_known", "gender"], input => Invoke(model, input));
        var endpoint = _aws.Server.Part<WireEndpoint>();
        foreach (var (name, seeds) in WireSeeds.All)
        {
            yield return new(name, Seeds(seeds), WireSeeds.Words, input => WireRequest.Send(endpoint, Path.Combine(_aws.DataDirectory, "server.log"), input), Cost: 2);
        }
    }

    /// <summary>What stands before a request's body, with its limits: a first line of 16 KB, 100 headers of 32 KB in all.</summary>
    private FuzzTarget Head()
    {
        static string Request(string target, params IEnumerable<string> headers) => $"GET {target} HTTP/1.1\r\nHost: s3.amazonaws.com\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n";
        static IEnumerable<string> Headers(int count, int length) => Enumerable.Range(0, count).Select(i => $"x-amz-meta-{i}: {new string('v', length)}");
        return new(
            "head",
            Seeds(
                Request("/"), Request("/bucket?list-type=2&prefix=%C3%BC"), Request("/" + new string('k', 16_000)), Request("/" + new string('k', 17_000)), Request("/", Headers(98, 1)),
                Request("/", Headers(101, 1)), Request("/", Headers(8, 4_000)), Request("/", Headers(9, 4_000)), Request("/", "Transfer-Encoding: chunked", "Content-Length: 5"),
                Request("/", "Expect: 100-continue", "Content-Length: 9223372036854775807"), "POST / HTTP/1.0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u0016\u0003\u0001"),
            ["\r\n", "\n", "\r", "\0", ": ", "Host: ", "Content-Length: ", "Transfer-Encoding: ", "chunked", "Authorization: AWS4-HMAC-SHA256 Credential=", "//", "%00", "%2e%2e", "?", "#", "http://", "HTTP/1.1", "é", "-1", new string('a', 8_000)],
            input => RawHead.Send(_aws.Server.Endpoint, input), Cost: 4);
    }

    private static IEnumerable<FuzzTarget> Policies()
    {
        const string policy = """{"expiration":"2090-01-01T00:00:00.000Z","conditions":[{"bucket":"fuzz"},["starts-with","$key","a/"],["eq","$Content-Type","a/b"],["content-length-range",0,100]]}""";
        yield return new("post-policy", Seeds(policy), [.. JsonWords, "eq", "$", "content-length-range", "-1"], input => ExpectAws(() => PostPolicy.Read(Convert.ToBase64String(input))));
    }

    private static IReadOnlyList<string> JsonWords { get; } = ["{", "}", "[", "]", ",", ":", "\"", "null", "true", "1e400", "-0", "\"\\ud800\"", "\\u0000", "[[[[[[[[[[[[[[[[[[[[", "{\"a\":", "é", "😀", "\u00ff"];

    private static IReadOnlyList<string> YamlWords { get; } = ["[", "{", "- ", ": ", "&a ", "*a", "!!binary ", "|\n", ">\n", "? ", "#", "---\n", "...\n", "\t", "\"", "'", "%YAML 1.2\n", "<<: ", "null", "~", "é"];

    private static List<byte[]> Seeds(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static string Definition()
    {
        var variables = new Dictionary<string, string> { ["DATA_BUCKET"] = "data", ["SM_EXEC_ROLE_ARN"] = "arn:aws:iam::000000000000:role/execution" };
        var names = ProjectNames.From(DataSetSpecification.AdClick, variables.GetValueOrDefault);
        return Slipway.Workflow.Pipelines.PipelineDefinition.Build(new PipelineSettings { Names = names, Region = "us-east-1", SpecificationUri = "s3://data/specification" }).ToJsonString();
    }

    /// <summary>A tar whose heads have the sum that they should: a reader looks at nothing of one that has another.</summary>
    private static byte[] Summed(byte[] tar)
    {
        const int block = 512, at = 148, length = 8, magic = 257;
        for (var start = 0; start + block <= tar.Length; start += block)
        {
            var head = tar.AsSpan(start, block);
            if (head[magic..].StartsWith("ustar"u8))
            {
                head.Slice(at, length).Fill((byte)' ');
                var sum = 0;
                foreach (var value in head)
                {
                    sum += value;
                }

                Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0").CopyTo(head[at..]);
            }
        }

        return tar;
    }

    private void Extract(byte[] archive)
    {
        var folder = Path.Combine(_folder, "archive", "model");
        Directory.CreateDirectory(folder);
        try
        {
            Expect<InvalidDataException>(() => ModelArchive.Extract(new MemoryStream(archive), folder));
            Assert.Equal([folder], Directory.GetFileSystemEntries(Path.GetDirectoryName(folder)!));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
        }
    }

    private static void Invoke(Invocations model, byte[] input)
    {
        var line = Array.IndexOf(input, (byte)'\n');
        var http = new DefaultHttpContext();
        (http.Request.Method, http.Request.Path) = ("POST", "/invocations");
        http.Request.ContentType = string.Concat(Encoding.Latin1.GetString(input, 0, Math.Max(line, 0)).Where(c => c is > ' ' and <= '~'));
        http.Request.Body = new MemoryStream(input[(line + 1)..]);
        http.Response.Body = new MemoryStream();
        model.Handle(http).GetAwaiter().GetResult();
        Assert.InRange(http.Response.StatusCode, 200, 499);
    }

    private static void Expect<T>(Action read) where T : Exception
    {
        try
        {
            read();
        }
        catch (T e)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    private static void ExpectAws(Action read)
    {
        try
        {
            read();
        }
        catch (AwsException e)
        {
            Assert.True((int)e.Status is < 500 or 501, e.ToString());
        }
    }
}
