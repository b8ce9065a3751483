using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.SageMaker.Pipelines;

/// <summary>What a pipeline's definition may say, and how what can't be run is refused.</summary>
public sealed class DefinitionReaderTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private readonly DefinitionReader _reader = aws.Server.Part<DefinitionReader>();

    [Theory]
    [InlineData("""{"Version":"2020-12-01","Steps":[{"Name":"A" "Type":"Fail"}]}""", "It isn't JSON at line 1, column 46")]
    [InlineData("{\n  \"Version\": \"2020-12-01\",\n  \"Steps\": [,]\n}", "line 3, column 13")]
    [InlineData("""{"Version":"2020-12-01","Version":"2020-12-01","Steps":[]}""", "It isn't JSON")]
    [InlineData("[]", "it must be a structure")]
    [InlineData("""{"Version":"2019-01-01","Steps":[]}""", "Version: it must be 2020-12-01, not 2019-01-01")]
    [InlineData("""{"Version":"2020-12-01"}""", "Steps: they are missing")]
    [InlineData("""{"Version":"2020-12-01","Steps":[]}""", "Steps: a pipeline has at least one step")]
    [InlineData("""{"Version":"2020-12-01","Stages":[],"Steps":[]}""", "the member Stages is not supported")]
    [InlineData("""{"Version":"2020-12-01","MlflowConfig":{"MlflowResourceArn":"a"},"Steps":[]}""", "MlflowConfig: it is not supported by local AWS")]
    public void A_definition_that_is_malformed_is_refused_with_the_place(string definition, string expected) => Refused(definition, expected);

    [Theory]
    [InlineData("""{"Name":"Tune","Type":"Tuning","Arguments":{}}""", "Steps[1] 'Tune': step type Tuning is not supported by local AWS")]
    [InlineData("""{"Name":"First","Type":"Fail","Arguments":{}}""", "Steps[1] 'First': the name is that of Steps[0] 'First' too")]
    [InlineData("""{"Name":"a b","Type":"Fail","Arguments":{}}""", "Steps[1] 'a b': a step's name has 1 to 64 letters")]
    [InlineData("""{"Type":"Fail","Arguments":{}}""", "Steps[1]: the step has no Name")]
    [InlineData("""{"Name":"A","Type":"Fail"}""", "Steps[1] 'A': Arguments must be a structure")]
    [InlineData("""{"Name":"A","Type":"Fail","Arguments":{},"Hooks":[]}""", "Steps[1] 'A': the member Hooks is not supported")]
    [InlineData("""{"Name":"A","Type":"Fail","Arguments":{"Message":"x"}}""", "Steps[1] 'A'.Arguments: Unknown Argument member 'Message'")]
    [InlineData("""{"Name":"A","Type":"Fail","Arguments":{"ErrorMessage":7}}""", "Steps[1] 'A'.Arguments.ErrorMessage: 7 can't be the value of a String")]
    [InlineData("""{"Name":"A","Type":"Fail","Arguments":{},"DependsOn":["Nobody"]}""", "Steps[1] 'A': DependsOn names the step 'Nobody', which isn't there")]
    [InlineData("""{"Name":"A","Type":"Fail","Arguments":{},"DependsOn":["A"]}""", "cycle: A -> A")]
    [InlineData("""{"Name":"A","Type":"Fail","Arguments":{},"CacheConfig":{"Enabled":true}}""", "Steps[1] 'A'.CacheConfig: a step of type Fail can't be cached")]
    [InlineData("""{"Name":"A","Type":"Fail","Arguments":{},"CacheConfig":{"Enabled":true,"ExpireAfter":"soon"}}""", "ExpireAfter must be an ISO 8601 duration")]
    [InlineData("""{"Name":"A","Type":"Fail","Arguments":{},"RetryPolicies":[{"ExceptionType":["Step.THROTTLING"],"MaxAttempts":2}]}""", "Steps[1] 'A': a step of type Fail takes no RetryPolicies")]
    [InlineData("""{"Name":"A","Type":"Fail","Arguments":{},"RetryPolicies":[{"ExceptionType":["Anything"],"MaxAttempts":2}]}""", "RetryPolicies[0]: ExceptionType lists one or more of Step.SERVICE_FAULT")]
    [InlineData("""{"Name":"A","Type":"Fail","Arguments":{},"RetryPolicies":[{"ExceptionType":["Step.THROTTLING"],"MaxAttempts":2,"ExpireAfterMin":1}]}""", "MaxAttempts or ExpireAfterMin, not both")]
    [InlineData("""{"Name":"A","Type":"Fail","Arguments":{},"RetryPolicies":[{"ExceptionType":["Step.THROTTLING"],"MaxAttempts":21}]}""", "MaxAttempts must be a number from 0 to 20")]
    public void A_step_that_can_not_run_is_refused_by_its_place_and_name(string step, string expected) => Refused(Pipeline(step), expected);

    [Theory]
    [InlineData("""{"Name":"A","Type":"Callback","Arguments":{}}""", "Steps[1] 'A': SqsQueueUrl is missing")]
    [InlineData("""{"Name":"A","Type":"Callback","Arguments":{},"SqsQueueUrl":7}""", "Steps[1] 'A'.SqsQueueUrl: 7 can't be the value of a String")]
    [InlineData("""{"Name":"A","Type":"Callback","Arguments":{},"SqsQueueUrl":{"Get":"Parameters.Number"}}""", "Steps[1] 'A'.SqsQueueUrl: a value of type Integer can't be assigned")]
    [InlineData("""{"Name":"A","Type":"Callback","SqsQueueUrl":"q"}""", "Steps[1] 'A': Arguments must be a structure")]
    [InlineData("""{"Name":"A","Type":"Callback","Arguments":{"x":{"Get":"Parameters.Nope"}},"SqsQueueUrl":"q"}""", "Steps[1] 'A'.Arguments.x: unknown reference Parameters.Nope")]
    [InlineData("""{"Name":"A","Type":"Callback","Arguments":{},"SqsQueueUrl":"q","OutputParameters":[{"OutputType":"String"}]}""", "Steps[1] 'A'.OutputParameters[0]: OutputName is missing")]
    [InlineData("""{"Name":"A","Type":"Callback","Arguments":{},"SqsQueueUrl":"q","OutputParameters":[{"OutputName":"o","OutputType":"Date"}]}""", "OutputParameters[0]: the OutputType Date is none of String, Integer, Float, Boolean")]
    [InlineData("""{"Name":"A","Type":"Callback","Arguments":{},"SqsQueueUrl":"q","OutputParameters":[{"OutputName":"o"},{"OutputName":"o"}]}""", "Steps[1] 'A'.OutputParameters: the output o is there twice")]
    [InlineData("""{"Name":"A","Type":"Callback","Arguments":{},"SqsQueueUrl":"q","OutputParameters":["o"]}""", "Steps[1] 'A'.OutputParameters[0]: an output must be a structure")]
    [InlineData("""{"Name":"A","Type":"Callback","Arguments":{},"SqsQueueUrl":"q","RetryPolicies":[{"ExceptionType":["Step.THROTTLING"],"MaxAttempts":2}]}""", "a step of type Callback takes no RetryPolicies")]
    [InlineData("""{"Name":"A","Type":"Fail","Arguments":{},"SqsQueueUrl":"q"}""", "Steps[1] 'A': the member SqsQueueUrl is not supported")]
    [InlineData("""
        {"Name":"A","Type":"Callback","Arguments":{},"SqsQueueUrl":"q","OutputParameters":[{"OutputName":"o","OutputType":"Integer"}]},
        {"Name":"B","Type":"Fail","Arguments":{"ErrorMessage":{"Get":"Steps.A.OutputParameters['o']"}}}
        """, "Steps[2] 'B'.Arguments.ErrorMessage: a value of type Integer can't be assigned to an argument of type String")]
    [InlineData("""
        {"Name":"A","Type":"Callback","Arguments":{},"SqsQueueUrl":"q","OutputParameters":[{"OutputName":"o","OutputType":"String"}]},
        {"Name":"B","Type":"Fail","Arguments":{"ErrorMessage":{"Get":"Steps.A.OutputParameters['p']"}}}
        """, "unknown reference Steps.A.OutputParameters['p']: a step of type Callback has no such property")]
    public void A_callback_that_can_not_run_is_refused_by_its_place_and_name(string step, string expected) => Refused(Pipeline(step), expected);

    [Theory]
    [InlineData("""{"Get":"Parameters.Nope"}""", "unknown reference Parameters.Nope")]
    [InlineData("""{"Get":"Execution.User"}""", "unknown reference Execution.User")]
    [InlineData("""{"Get":"Steps.Nobody.Outcome"}""", "unknown reference Steps.Nobody.Outcome: there is no step 'Nobody'")]
    [InlineData("""{"Get":"Steps.Choice.Result"}""", "unknown reference Steps.Choice.Result: a step of type Condition has no such property")]
    [InlineData("""{"Get":"Nothing"}""", "unknown reference Nothing")]
    [InlineData("""{"Get":"Parameters.Number"}""", "a value of type Integer can't be assigned to an argument of type String; Std:Join turns it into a string")]
    [InlineData("""{"Get":"Parameters.Text","Or":1}""", "the function Get stands beside other members")]
    [InlineData("""{"Std:Split":{}}""", "the function Std:Split is not supported")]
    [InlineData("""{"Std:Join":{"On":"/"}}""", "Std:Join takes On, a string, and Values, a list")]
    [InlineData("""{"Std:Join":{"On":1,"Values":[]}}""", "Std:Join's On must be a string")]
    [InlineData("""{"Std:Join":{"On":"","Values":[[]]}}""", ".Values[0]: Std:Join joins strings, numbers, booleans and functions")]
    [InlineData("""{"Std:Join":{"On":"","Values":["a",{"Get":"Parameters.Nope"}]}}""", "Steps[1] 'A'.Arguments.ErrorMessage.Values[1]: unknown reference Parameters.Nope")]
    [InlineData("""{"Std:Join":{"On":"","Values":[],"With":1}}""", "Std:Join takes On, Values, not With")]
    [InlineData("""{"Std:JsonGet":{"Path":"a"}}""", "either a PropertyFile or an S3Uri")]
    [InlineData("""{"Std:JsonGet":{"PropertyFile":{"Get":"Steps.Choice.PropertyFiles.F"},"Path":"a[*]"}}""", "Std:JsonGet's Path must be a path")]
    [InlineData("""{"Std:JsonGet":{"PropertyFile":{"Get":"Steps.Choice.PropertyFiles.F"},"Path":"a.b"}}""", "unknown property file Steps.Choice.PropertyFiles.F: the step has none")]
    [InlineData("""{"Std:JsonGet":{"PropertyFile":"F","Path":"a.b"}}""", "Std:JsonGet's PropertyFile must be")]
    public void A_reference_or_function_that_has_no_value_is_refused(string message, string expected) => Refused(
        Pipeline($$$"""{"Name":"A","Type":"Fail","Arguments":{"ErrorMessage":{{{message}}}}},{"Name":"Choice","Type":"Condition","Arguments":{"Conditions":[{"Type":"Equals","LeftValue":1,"RightValue":1}]}}"""), expected);

    [Theory]
    [InlineData("""[]""", "at least one condition")]
    [InlineData("""[{"Type":"NotEquals","LeftValue":1,"RightValue":1}]""", "the condition type 'NotEquals' is not supported")]
    [InlineData("""[{"Type":"Equals","LeftValue":1}]""", "Arguments.Conditions[0]: RightValue is missing")]
    [InlineData("""[{"Type":"Equals","LeftValue":1,"RightValue":1,"Value":2}]""", "takes LeftValue and RightValue, not Value")]
    [InlineData("""[{"Type":"Equals","LeftValue":1,"RightValue":"1"}]""", "Equals can't compare a value of type Integer with one of type String")]
    [InlineData("""[{"Type":"GreaterThan","LeftValue":{"Get":"Parameters.Text"},"RightValue":0.5}]""", "GreaterThan can't compare a value of type String with one of type Float")]
    [InlineData("""[{"Type":"Equals","LeftValue":[],"RightValue":1}]""", "a condition compares strings, numbers and booleans")]
    [InlineData("""[{"Type":"In","QueryValue":1,"Values":["a"]}]""", "In can't compare a value of type Integer with one of type String")]
    [InlineData("""[{"Type":"Or","Conditions":[{"Type":"Not","Condition":{"Type":"Same"}}]}]""", "Conditions[0].Conditions[0].Condition: the condition type 'Same' is not supported")]
    public void A_condition_that_can_not_be_decided_is_refused(string conditions, string expected) => Refused(
        Pipeline($$$"""{"Name":"Choice","Type":"Condition","Arguments":{"Conditions":{{{conditions}}}}}"""), expected);

    [Theory]
    [InlineData("""{"Name":"P","Type":"Date"}""", "Parameters[0] 'P': the Type Date is none of String, Integer, Float, Boolean")]
    [InlineData("""{"Name":"P","Type":"Integer","DefaultValue":1.5}""", "1.5 is not a value of type Integer")]
    [InlineData("""{"Name":"P","Type":"String","DefaultValue":"c","EnumValues":["a","b"]}""", "the DefaultValue \"c\" is not among the EnumValues")]
    [InlineData("""{"Name":"P","Type":"String"},{"Name":"P","Type":"String"}""", "the name P is there twice")]
    [InlineData("""{"Name":"P q","Type":"String"}""", "the Name 'P q' must have")]
    [InlineData("""{"Name":"P","Type":"String","Secret":true}""", "the member Secret is not supported")]
    public void A_parameter_that_is_declared_wrongly_is_refused(string parameters, string expected) =>
        Refused($$$"""{"Version":"2020-12-01","Parameters":[{{{parameters}}}],"Steps":[{"Name":"A","Type":"Fail","Arguments":{}}]}""", expected);

    [Fact]
    public void A_step_inside_a_branch_is_named_with_its_branch() => Refused(
        Pipeline("""{"Name":"Choice","Type":"Condition","Arguments":{"Conditions":[{"Type":"Equals","LeftValue":1,"RightValue":1}],"ElseSteps":[{"Name":"Call","Type":"Lambda","Arguments":{}}]}}"""),
        "Steps[1] 'Choice'.Arguments.ElseSteps[0] 'Call': step type Lambda is not supported by local AWS");

    [Fact]
    public void Steps_that_wait_for_each_other_are_refused_with_the_circle() => Refused(
        Pipeline("""
            {"Name":"A","Type":"Fail","Arguments":{},"DependsOn":["C"]},
            {"Name":"B","Type":"Fail","Arguments":{},"DependsOn":["A"]},
            {"Name":"C","Type":"Fail","Arguments":{},"DependsOn":["B"]}
            """), "wait for each other in a cycle: A -> C -> B -> A");

    [Fact]
    public void Nested_steps_need_their_condition_and_what_they_refer_to()
    {
        var definition = _reader.Read(Pipeline("""
            {"Name":"Choice","Type":"Condition","DependsOn":["First"],"Arguments":{"Conditions":[{"Type":"Equals","LeftValue":1,"RightValue":1}],"IfSteps":[
              {"Name":"Then","Type":"Fail","Arguments":{"ErrorMessage":{"Std:Join":{"On":" ","Values":["outcome",{"Get":"Steps.Choice.Outcome"}]}}}}]}}
            """));
        Assert.Equal(["First", "Choice", "Then"], definition.Steps.Select(s => s.Name));
        Assert.Equal(["First"], definition.Steps[1].Needs);
        Assert.Equal(["Choice"], definition.Steps[2].Needs);
        Assert.Equal(new StepBranch("Choice", If: true), definition.Steps[2].Branch);
    }

    [Theory]
    [InlineData("P30D", 30 * 24 * 60)]
    [InlineData("PT1H", 60)]
    [InlineData("P1DT2H3M", (26 * 60) + 3)]
    [InlineData("30d", 30 * 24 * 60)]
    [InlineData("T16m", 16)]
    [InlineData("30dT5h", (30 * 24 * 60) + 300)]
    [InlineData("P2M", 60 * 24 * 60)]
    public void A_cache_expires_after_an_ISO_duration_or_the_form_of_the_guide(string text, int minutes) => Assert.Equal(TimeSpan.FromMinutes(minutes), IsoDuration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("10")]
    [InlineData("P1H")]
    public void What_is_no_duration_is_not_read_as_one(string text) => Assert.Null(IsoDuration.Parse(text));

    private static string Pipeline(string steps) => $$$"""
        {"Version":"2020-12-01","Metadata":{},"PipelineExperimentConfig":null,
         "Parameters":[{"Name":"Number","Type":"Integer","DefaultValue":1},{"Name":"Text","Type":"String","DefaultValue":"x"}],
         "Steps":[{"Name":"First","Type":"Condition","Arguments":{"Conditions":[{"Type":"Equals","LeftValue":1,"RightValue":1}],"IfSteps":[],"ElseSteps":[]}},{{{steps}}}]}
        """;

    private void Refused(string definition, string expected)
    {
        var error = Assert.Throws<AwsException>(() => _reader.Read(definition));
        Assert.Equal("ValidationException", error.Code);
        Assert.StartsWith("Unable to parse pipeline definition. ", error.Message);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
