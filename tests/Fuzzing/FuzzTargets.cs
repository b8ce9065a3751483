using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodeBuild.Buildspecs;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.Wire;
using Slipway.ModelServer.Models;
using Slipway.ModelServer.Serving;
using Slipway.Tests.Clients;
using Slipway.Tests.Fuzzing.Judges;
using Slipway.Tests.Steps.Train;
using Slipway.Tests.Workflow.DataSets;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Csv;
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
          install: &install {runtime-versions: {python: 3.x}, commands: [x, x], on-failure: ABORT}
          build:
            <<: {finally: [y]}
            commands:
              - |
                one
              - *a
        artifacts: {files: ['**/*'], name: n, discard-paths: no, secondary-artifacts: {s: {files: [z], base-directory: d}}}
        cache: {paths: [p]}
        """;

    /// <summary>Specifications that are right but for one thing that the steps rely on.</summary>
    private static readonly string[] NearSpecifications =
    [
        "name: a\nlabel: { column: y }\nfeatures: [{ category: x, values: [a, b, a] }]\n",
        "name: a\nlabel: { column: y }\nfeatures: [{ number: x, min: 5, max: 1 }]\n",
        "name: a\nlabel: { column: y, positive: p, negative: p }\nfeatures: [{ number: x }]\n",
        "name: a\nlabel: { column: y }\nfeatures: [{ number: x }, { number: X }]\n",
        "name: a\nlabel: { column: y }\nfeatures: [{ number: x }]\nsplit: { train: 0.5, validation: 0.4, test: 0.3 }\n",
        "name: a\nlabel: { column: y }\nfeatures: []\n",
    ];

    /// <summary>Definitions that could run but for their graph.</summary>
    private static readonly string[] NearDefinitions = [Steps("B", "A"), Steps("A"), Steps("C"), Steps("", "", name: "A"), Steps("", "A")];

    private const string SmallForest = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        max_feature_idx=2
        objective=binary sigmoid:1
        feature_names=a b c

        Tree=0
        num_leaves=4
        num_cat=0
        split_feature=0 2 1
        split_gain=3 2 1
        threshold=0.5 1.5 -2
        decision_type=2 8 10
        left_child=1 -1 -3
        right_child=2 -2 -4
        leaf_value=0.1 -0.2 0.3 -0.4
        is_linear=0

        Tree=1
        num_leaves=1
        num_cat=0
        leaf_value=0.25

        end of trees
        """;

    /// <summary>Model texts of which one index is no node, leaf or input.</summary>
    private static readonly string[] NearForests =
    [
        .. new[] { ("left_child=1", "left_child=9"), ("left_child=1", "left_child=0"), ("right_child=2 -2", "right_child=2 -9"), ("split_feature=0", "split_feature=9"), ("split_feature=0", "split_feature=-1") }
            .Select(change => SmallForest.Replace(change.Item1, change.Item2, StringComparison.Ordinal)),
    ];

    /// <summary>What the targets are called.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["csv", "csv-records", "csv-infer", "yaml", "image-map", "buildspec", "definition", "model-text", "encoder", "training-record", "tar", "tar-gz", "tar-entries", "zip", "zip-entries", "chunked", "chunked-signed", "xml", "json", "query", "invocation", "wire-query", "wire-rest-xml", "wire-json", "wire-rest-json", "wire-chunked", "wire-multipart", "head", "post-policy"];

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        _aws.Server.Part<Buckets>().Create("fuzz", "us-east-1");
        _training = await TrainingRun.TrainedAsync(TrainingRun.Sample(600), hyperparameters: new { num_boost_round = "5", num_leaves = "8" });
        _targets = [
            .. Data(), .. Model(), .. new ArchiveTargets(Directory.CreateDirectory(Path.Combine(_folder, "archives")).FullName).All(), .. BodyTargets.All(),
            .. Wire(), BodyTargets.Head(_aws.Server.Endpoint), FormTarget.Of(_aws.Server.Part<WireEndpoint>(), Log),
        ];
        Assert.Equal(Names, _targets.Select(t => t.Name));
    }

    public async ValueTask DisposeAsync()
    {
        _training?.Dispose();
        await _aws.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Log => Path.Combine(_aws.DataDirectory, "server.log");

    /// <summary>Sends a form with its policy; whether it was taken.</summary>
    internal bool SendForm(int seed) => FormTarget.Send(_aws.Server.Part<WireEndpoint>(), Log, Find("post-policy").Seeds[seed]);

    /// <summary>Sends a target's seed as it is, and gives the answer's status.</summary>
    internal int Send(string name, int seed) =>
        WireRequest.Send(_aws.Server.Part<WireEndpoint>(), Log, Find(name).Seeds[seed]);

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
        yield return new("csv-records", Seeds(csv), words, ReadRecords);
        yield return new("csv-infer", Seeds(csv), words, input => Expect<CsvException>(() =>
        {
            var path = Path.Combine(_folder, "fuzz.csv");
            File.WriteAllBytes(path, input);
            // what it writes must be what the reader of specifications takes
            DataSetSpecification.Parse(SpecificationInference.Infer(path));
        }), Cost: 20);
        string[] yaml = [DataSetSpecification.AdClickYaml, "name: a\nlabel: { column: y }\nfeatures: [{ number: x, min: 0 }]\ncsv_columns: { x: \"X \\u00e9\" }\nsplit: { strategy: time, seed: 7 }\n", .. NearSpecifications];
        yield return new("yaml", Seeds(yaml), [.. YamlWords, "features:"],
            input => Expect<SpecificationException>(() =>
            {
                var specification = DataSetSpecification.Parse(Encoding.UTF8.GetString(input));
                SpecificationJudge.Check(specification);
                YamlJudge.Check(specification, Encoding.UTF8.GetString(input));
            }));
        string[] images = ["- image: \"*/command:*\"\n  command: []\n- image: a?b\n  command: [python3, \"-m\", serve]\n", "[{ image: x, command: [sh, -c, -c, 'exec \"$@\"'] }]"];
        yield return new("image-map", Seeds(images), [.. YamlWords, "image:", "command:", "*", "?", "\\"], ReadImages, Cost: 2);
        yield return new("buildspec", Seeds(File.ReadAllText(Path.Combine(Repository.Root, "template", "buildspec.yml")), BuildspecSeed), [.. YamlWords, "phases:", "commands:", "0.2"],
            input => Expect<BuildspecException>(() => YamlJudge.Check(BuildspecReader.Read(Encoding.UTF8.GetString(input)), Encoding.UTF8.GetString(input))));
        var reader = _aws.Server.Part<DefinitionReader>();
        yield return new("definition", Seeds([Definition(), .. NearDefinitions]), [.. JsonWords, "{\"Get\":\"Steps.Train.TrainingJobName\"}", "{\"Std:Join\":{\"On\":\"/\",\"Values\":[]}}", "{\"Std:JsonGet\":{}}", "Steps['a'][0]", "$", "..", "\"Type\":\"Condition\"", "\"DependsOn\":[\"Gate\"]"],
            input => ExpectAws(() =>
            {
                reader.Read(Encoding.UTF8.GetString(input));
                GraphJudge.Check(Encoding.UTF8.GetString(input));
            }));
    }

    private static void ReadRecords(byte[] input)
    {
        var expected = CsvJudge.Rows(input, out var isWhole);
        var read = new List<string[]>();
        var refused = false;
        try
        {
            using var csv = new Slipway.Workflow.DataSets.Csv.CsvReader(new MemoryStream(input), "fuzz.csv");
            while (csv.Read())
            {
                read.Add(csv.ToArray());
            }
        }
        catch (CsvException)
        {
            refused = true;
        }

        // a byte order mark may tell of another encoding
        if (input is not ([0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..]))
        {
            Assert.Equal(isWhole, !refused);
            Assert.Equal(expected, read);
        }
    }

    private void ReadImages(byte[] input)
    {
        var path = Path.Combine(_folder, "images.yaml");
        File.WriteAllBytes(path, input);
        Expect<InvalidDataException>(() =>
        {
            var images = new ImageMap(new() { DataDirectory = _folder, ImageMap = path });
            foreach (var image in new[] { "000000000000.dkr.ecr.us-east-1.amazonaws.com/command:1", "x", "axb" })
            {
                YamlJudge.Check(images.Find(image), File.ReadAllText(path), image);
            }
        });
    }

    private IEnumerable<FuzzTarget> Model()
    {
        string Text(string file) => File.ReadAllText(Path.Combine(_training.ModelFolder, file));
        yield return new("model-text", Seeds([Text("model.txt"), SmallForest, .. NearForests]), ["Tree=0", "end of trees", "num_leaves=", "left_child=", "=", " ", "\n", "inf", "nan", "-1", "num_cat=1", "is_linear=1", "tree\n", "split_feature=", "max_feature_idx=", "-9", "9", "left_child=9 -1 -3\n", "right_child=2 -9 -4\n", "split_feature=0 9 1\n", "split_feature=0 -1 1\n", "1e999"],
            input => Expect<InvalidDataException>(() =>
            {
                var forest = Forest.Parse(Encoding.UTF8.GetString(input));
                var judge = new ForestJudge(Encoding.UTF8.GetString(input));
                var row = new float[forest.InputNames.Count];
                foreach (var value in new[] { 0, 1, -1e30f, float.NaN, float.PositiveInfinity })
                {
                    row.AsSpan().Fill(value);
                    Assert.Equal(judge.Predict(row), forest.Predict(row));
                    Assert.InRange(forest.Predict(row), 0, 1);
                }
            }));
        yield return new("encoder", Seeds(Text("encoder.json")), JsonWords, input => Expect<InvalidDataException>(() => Kept(input, Slipway.Workflow.DataSets.Encoder.FromJson(Encoding.UTF8.GetString(input)).ToJson())));
        yield return new("training-record", Seeds(Text("training.json")), JsonWords, input => Expect<InvalidDataException>(() => Kept(input, TrainingRecord.FromJson(Encoding.UTF8.GetString(input)).ToJson())));
    }

    /// <summary>Checks that what was read of a file is what was in it: all that is written again was there, and is the same.</summary>
    private static void Kept(byte[] input, string read)
    {
        try
        {
            MemberJudge.Check(JsonNode.Parse(read), JsonNode.Parse(Encoding.UTF8.GetString(input)));
        }
        catch (ArgumentException)
        {
            // a member that is there twice has no one value to compare with
        }
    }

    private IEnumerable<FuzzTarget> Wire()
    {
        var loaded = Slipway.ModelServer.Models.Model.Load(_training.ModelFolder);
        var model = new Invocations(loaded);
        var judge = new InvocationJudge(File.ReadAllText(Path.Combine(_training.ModelFolder, "model.txt")), loaded.Encoder.Features.Count, loaded.Encoder.InputNames.Count);
        yield return new("invocation", Seeds("text/csv\n25,1,0,1,0,0,1,1\n,,,,,,0,0\n", "text/csv\nage,gender\n25,Female\n", "application/json\n{\"instances\":[{\"age\":25,\"gender\":\"Female\"},[25,1,0,1,0,0,1,1]]}", "application/jsonlines\n{\"age\":25}\n[25,1,0,1,0,0,1,1]\n"),
            [.. JsonWords, ",", "\r\n", "age", "age_known", "gender"], input => Invoke(model, judge, input));
        var endpoint = _aws.Server.Part<WireEndpoint>();
        foreach (var (name, seeds) in WireSeeds.All)
        {
            yield return new(name, Seeds(seeds), WireSeeds.Words, input => WireRequest.Send(endpoint, Log, input), Cost: 2);
        }
    }

    /// <summary>A definition of steps that only depend on each other: A on the first, B on the second.</summary>
    private static string Steps(string first, string second = "", string name = "B")
    {
        static string Step(string name, string after) =>
            $$"""{"Name":"{{name}}","Type":"Fail","Arguments":{"ErrorMessage":"x"}{{(after.Length > 0 ? $",\"DependsOn\":[\"{after}\"]" : "")}}}""";
        return $$"""{"Version":"2020-12-01","Steps":[{{Step("A", first)}},{{Step(name, second)}}]}""";
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

    private static void Invoke(Invocations model, InvocationJudge judge, byte[] input)
    {
        var line = Array.IndexOf(input, (byte)'\n');
        var http = new DefaultHttpContext();
        (http.Request.Method, http.Request.Path) = ("POST", "/invocations");
        http.Request.ContentType = string.Concat(Encoding.Latin1.GetString(input, 0, Math.Max(line, 0)).Where(c => c is > ' ' and <= '~'));
        http.Request.Body = new MemoryStream(input[(line + 1)..]);
        var answer = new MemoryStream();
        http.Response.Body = answer;
        model.Handle(http).GetAwaiter().GetResult();
        Assert.InRange(http.Response.StatusCode, 200, 499);
        if (http.Response.StatusCode == 200)
        {
            judge.Check(http.Request.ContentType, input[(line + 1)..], answer.ToArray());
        }
    }

    internal static void Expect<T>(Action read) where T : Exception
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

    internal static void ExpectAws(Action read)
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
