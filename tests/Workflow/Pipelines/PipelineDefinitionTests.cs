using System.Text.Json.Nodes;
using Slipway.Tests.Clients;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Pipelines;

namespace Slipway.Tests.Workflow.Pipelines;

public sealed class PipelineDefinitionTests
{
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["DATA_BUCKET"] = "data", ["SM_EXEC_ROLE_ARN"] = "arn:aws:iam::000000000000:role/execution",
    };

    private static JsonObject Definition { get; } = Build(Variables);

    private static JsonObject Build(Dictionary<string, string> variables) => PipelineDefinition.Build(new PipelineSettings
    {
        Names = ProjectNames.From(DataSetSpecification.AdClick, variables.GetValueOrDefault),
        Region = "ap-northeast-2",
        SpecificationUri = "s3://data/specification",
    });

    [Fact]
    public void EXTERNAL_CSV_URI_makes_extract_read_that_CSV()
    {
        const string csv = "s3://data/datasets/ad_click_dataset.csv";
        static JsonNode Extract(JsonObject definition) => definition["Steps"]![0]!["Arguments"]!;
        var external = Extract(Build(new(Variables) { ["EXTERNAL_CSV_URI"] = csv }));
        Assert.Equal(["--source", "csv", "--as-of"], external["AppSpecification"]!["ContainerArguments"]!.AsArray().Take(3).Select(a => (string?)a));
        Assert.Equal((csv, null), ((string?)external["Environment"]!["EXTERNAL_CSV_URI"], (string?)external["Environment"]!["FEATURE_GROUP_NAME"]));
        Assert.Equal("ad-click-feature-group", (string?)Extract(Definition)["Environment"]!["FEATURE_GROUP_NAME"]);
    }

    [Fact]
    public async Task The_arguments_of_each_step_are_a_request_that_AWS_would_take()
    {
        await Python.SkipWithout("botocore");
        var checker = Path.Combine(Repository.Root, "tests", "Workflow", "Pipelines", "botocore_arguments.py");
        var run = await Command.Run("python3", [checker], new Dictionary<string, string>(), input: Definition.ToJsonString());
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("6 steps checked", run.Output.Trim());
    }

    [Fact]
    public void The_steps_are_those_of_the_manual()
    {
        var names = Definition["Steps"]!.AsArray().Select(s => s!["Name"]!.GetValue<string>());
        Assert.Equal(["Extract", "Validate", "Preprocess", "Train", "Evaluate", "Gate", "IsNew"], names);
    }

    [Fact]
    public void Each_step_that_needs_a_files_place_takes_it_from_the_step_that_writes_it()
    {
        var text = Definition.ToJsonString();
        Assert.Contains("Steps.Preprocess.ProcessingOutputConfig.Outputs[", text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3://data/pipelines/ad-click-pipeline/preprocess", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_data_bucket_it_says_which_variable_is_missing()
    {
        var names = ProjectNames.From(DataSetSpecification.AdClick, _ => null);
        var error = Assert.Throws<BadInputException>(() => names.RequireBucket());
        Assert.Contains("DATA_BUCKET", error.Message, StringComparison.Ordinal);
    }
}
