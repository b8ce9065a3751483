using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodePipeline.Structure;
using static Slipway.Tests.LocalAws.CodePipeline.PipelineLab;

namespace Slipway.Tests.LocalAws.CodePipeline;

/// <summary>Structures that AWS refuses, each with AWS's own error.</summary>
public sealed class StructureTests
{
    private static readonly StageDeclaration Source = new("Source", [FromCodeCommit("r")]);
    private static readonly StageDeclaration Last = new("Deploy", [Deploy()]);
    private static readonly ActionDeclaration Build = new(
        "Build", new(ActionCategory.Build, "AWS", "CodeBuild", "1"), InputArtifacts: [new("SourceArtifact")], OutputArtifacts: [new("Built")],
        Configuration: new Dictionary<string, string> { ["ProjectName"] = "p" });

    [Fact]
    public void A_pipeline_has_two_stages_of_which_the_first_alone_has_sources()
    {
        Refused("InvalidStructureException", "Pipeline has only 1 stage(s). There should be a minimum of 2 stages", Source);
        Refused("InvalidStructureException", "start with a stage that only contains source actions", Last, Source);
        Refused("InvalidStructureException", "stage 'Again' has one", Source, new("Again", [FromCodeCommit("r") with { Name = "Other", OutputArtifacts = [new("O")], Namespace = null }]));
        Refused("InvalidStructureException", "The stage name 'Deploy' has been used more than once", Source, Last, Last);
        Refused("InvalidStageDeclarationException", "Stage 'Empty' has 0 actions", Source, new("Empty", []));
    }

    [Fact]
    public void Two_actions_of_a_stage_can_t_have_one_name() =>
        Refused("InvalidStageDeclarationException", "The action name 'Deploy' has been used more than once in stage 'Deploy'", Source, new("Deploy", [Deploy(), Deploy()]));

    [Fact]
    public void An_artifact_is_made_once_and_before_it_is_taken()
    {
        Refused("InvalidStructureException", "Input Artifact Bundle Nowhere in action Deploy of stage Deploy is not declared as Output Artifact Bundle in any of the preceding actions",
            Source, new("Deploy", [Deploy(artifact: "Nowhere")]));
        Refused("InvalidStructureException", "Output Artifact Bundle name must be unique within the pipeline. SourceArtifact has been used more than once",
            Source, new("Build", [Build with { OutputArtifacts = [new("SourceArtifact")] }]));
        // a circle: each takes what the other makes
        Refused("InvalidStructureException", "Input Artifact Bundle B in action One of stage Circle", Source, new("Circle",
            [
                Build with { Name = "One", InputArtifacts = [new("B")], OutputArtifacts = [new("A")] },
                Build with { Name = "Two", InputArtifacts = [new("A")], OutputArtifacts = [new("B")], RunOrder = 2 },
            ]));
        Refused("InvalidStructureException", "Input Artifact Bundle Built in action Deploy", Source, new("Side", [Build, Deploy(artifact: "Built")]));
        Accepted(Source, new("Order", [Build, Deploy(artifact: "Built", order: 2)]));
    }

    [Fact]
    public void An_action_has_the_settings_and_the_artifacts_of_its_kind()
    {
        Refused("InvalidActionDeclarationException", "Action Build declares 0 input artifacts which is less than the minimum count (1)", Source, new("Build", [Build with { InputArtifacts = [] }]));
        Refused("InvalidActionDeclarationException", "Action Source declares 2 output artifacts which is more than the maximum count (1)",
            Source with { Actions = [FromCodeCommit("r") with { OutputArtifacts = [new("A"), new("B")] }] }, Last);
        Refused("InvalidActionDeclarationException", "Action configuration for action 'Build' is missing required configuration 'ProjectName'", Source, new("Build", [Set(Build, "ProjectName", null)]));
        Refused("InvalidActionDeclarationException", "Action configuration for action 'Build' contains unknown configuration 'Project'", Source, new("Build", [Set(Build, "Project", "p")]));
        Refused("InvalidActionDeclarationException", "missing required configuration 'ObjectKey'", Source, new("Deploy", [Set(Set(Deploy(), "ObjectKey", null), "Extract", "false")]));
        Refused("InvalidActionDeclarationException", "an invalid value 'yes' for 'Extract': it is true or false", Source, new("Deploy", [Set(Deploy(), "Extract", "yes")]));
        Refused("InvalidActionDeclarationException", "for 'EnvironmentVariables': it isn't JSON: line 1", Source, new("Build", [Set(Build, "EnvironmentVariables", "[")]));
        Refused("InvalidActionDeclarationException", "for 'EnvironmentVariables': it is no list of", Source, new("Build", [Set(Build, "EnvironmentVariables", """{"name":"A"}""")]));
        Refused("InvalidActionDeclarationException", "is not available in region us-east-1", Source, new("Build", [Build with { ActionTypeId = new(ActionCategory.Build, "AWS", "Codebuild", "1") }]));
        Refused("InvalidActionDeclarationException", "timeoutInMinutes, which manual approvals alone may have", Source, new("Deploy", [Deploy() with { TimeoutInMinutes = 5 }]));
    }

    [Fact]
    public void A_reference_names_a_variable_or_the_namespace_of_an_action_before()
    {
        Refused("InvalidActionDeclarationException", "Action 'Deploy' refers to #{Later.X}: no preceding action has the namespace 'Later'", Source, new("Deploy", [Deploy(under: "#{Later.X}")]));
        Refused("InvalidActionDeclarationException", "refers to #{variables.x}: there is no such variable", Source, new("Deploy", [Deploy(under: "#{variables.x}")]));
        Refused("InvalidActionDeclarationException", "a namespace and a key separated by a period (.). The following reference in action 'Deploy' is invalid: #{CommitId}",
            Source, new("Deploy", [Deploy(under: "#{CommitId}")]));
        Refused("InvalidStructureException", "The namespace 'codepipeline' is reserved", Source with { Actions = [FromCodeCommit("r") with { Namespace = "codepipeline" }] }, Last);
        Refused("InvalidStructureException", "The namespace 'SourceVariables' has been used more than once", Source, new("Build", [Build with { Namespace = "SourceVariables" }]));
        Accepted(Source, new("Deploy", [Deploy(under: "#{SourceVariables.CommitId}/#{codepipeline.PipelineExecutionId}")]));
    }

    [Fact]
    public void What_type_V2_has_type_V1_does_not()
    {
        var pipeline = Pipeline("p", Source, Last) with { PipelineType = PipelineType.V1 };
        Refused("InvalidStructureException", "The execution mode QUEUED can only be used in a pipeline of type V2", pipeline with { ExecutionMode = ExecutionMode.QUEUED });
        Refused("InvalidStructureException", "Pipeline-level variables can only be", pipeline with { Variables = [new("x")] });
        Refused("InvalidStructureException", "A stage's onFailure can only be", pipeline with { Stages = [Source, Last with { OnFailure = new("ROLLBACK") }] });
        Refused("InvalidStageDeclarationException", "in a pipeline whose execution mode is PARALLEL",
            pipeline with { PipelineType = PipelineType.V2, ExecutionMode = ExecutionMode.PARALLEL, Stages = [Source, Last with { OnFailure = new("ROLLBACK") }] });
        Refused("InvalidStageDeclarationException", "The source stage 'Source' can't be rolled back", Source with { OnFailure = new("ROLLBACK") }, Last);
        Refused("InvalidStructureException", "either an artifactStore or artifactStores", pipeline with { ArtifactStore = null });
        Refused("InvalidStructureException", "have none for its region us-east-1", pipeline with { ArtifactStore = null, ArtifactStores = new Dictionary<string, ArtifactStore> { ["eu-west-1"] = new("S3", "b-1") } });
    }

    [Fact]
    public void What_local_AWS_does_not_have_is_refused_by_name()
    {
        Refused("NotImplemented", "Invoke actions of the provider Lambda", Source, new("Call", [new("Call", new(ActionCategory.Invoke, "AWS", "Lambda", "1"))]));
        Refused("NotImplemented", "Deploy actions of the provider CloudFormation", Source, new("Call", [new("Call", new(ActionCategory.Deploy, "AWS", "CloudFormation", "1"))]));
        Refused("NotImplemented", "Source actions of the provider CodeStarSourceConnection", new("Source", [new("S", new(ActionCategory.Source, "AWS", "CodeStarSourceConnection", "1"))]), Last);
        Refused("NotImplemented", "the provider GitHub (owner ThirdParty", new("Source", [new("S", new(ActionCategory.Source, "ThirdParty", "GitHub", "1"))]), Last);
        Refused("NotImplemented", "batch builds", Source, new("Build", [Set(Build, "BatchEnabled", "true")]));
        Refused("NotImplemented", "CODEBUILD_CLONE_REF", Source with { Actions = [Set(FromCodeCommit("r"), "OutputArtifactFormat", "CODEBUILD_CLONE_REF")] }, Last);
        Refused("NotImplemented", "a cross-region action (Deploy in eu-west-1)", Source, new("Deploy", [Deploy() with { Region = "eu-west-1" }]));
        Refused("NotImplemented", "beforeEntry of stage Deploy", Source, Last with { BeforeEntry = new([new("FAIL")]) });
        Refused("NotImplemented", "onSuccess of stage Deploy", Source, Last with { OnSuccess = new([new("FAIL")]) });
        Refused("NotImplemented", "onFailure.conditions of stage Deploy", Source, Last with { OnFailure = new(Conditions: [new("FAIL")]) });
        Refused("NotImplemented", "the result SKIP", Source, Last with { OnFailure = new("SKIP") });
        Refused("NotImplemented", "a trigger by pull requests", Pipeline("p", Source, Last) with { Triggers = [new("CodeStarSourceConnection", new("Source", PullRequest: [new()]))] });
    }

    [Fact]
    public void A_trigger_names_a_source_that_has_pushes_and_its_patterns_are_whole()
    {
        PipelineDeclaration With(params GitPushFilter[] push) => Pipeline("p", Source, Last) with { Triggers = [new("CodeStarSourceConnection", new("Source", push))] };
        Refused("InvalidStructureException", "The trigger's sourceActionName 'Other' is no action", Pipeline("p", Source, Last) with { Triggers = [new("CodeStarSourceConnection", new("Other"))] });
        Refused("InvalidStructureException", "has tags beside branches", With(new GitPushFilter(new(["v*"]), new(["main"]))));
        Refused("InvalidStructureException", "filePaths stand beside branches", With(new GitPushFilter(FilePaths: new(["src/**"]))));
        Refused("InvalidStructureException", "The pattern '{a' of source action 'Source' is not valid: a { has no } after it", With(new GitPushFilter(Branches: new(["{a"]))));
        Refused("InvalidStructureException", "a source of S3, which has no pushes",
            Pipeline("p", new("Source", [FromS3("bucket", "k")]), Last) with { Triggers = [new("CodeStarSourceConnection", new("Source"))] });
    }

    private static ActionDeclaration Set(ActionDeclaration action, string name, string? value)
    {
        var configuration = new Dictionary<string, string>(action.Configuration!);
        configuration.Remove(name);
        if (value is not null)
        {
            configuration[name] = value;
        }

        return action with { Configuration = configuration };
    }

    private static void Accepted(params StageDeclaration[] stages) => StructureCheck.Check(Pipeline("p", stages), "us-east-1");

    private static void Refused(string code, string why, params StageDeclaration[] stages) => Refused(code, why, Pipeline("p", stages));

    private static void Refused(string code, string why, PipelineDeclaration pipeline)
    {
        var error = Assert.Throws<AwsException>(() => StructureCheck.Check(pipeline, "us-east-1"));
        Assert.Equal(code, error.Code);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
