using Slipway.Aws.CodeBuild;
using Slipway.LocalAws.CodeBuild.Running;
using Slipway.LocalAws.CodeBuild.Sources;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodeBuild;

/// <summary>Makes new builds: of a project with overrides, of a build that runs again, and of an action of CodePipeline.</summary>
internal sealed class BuildStarts(
    ProjectTable projects, ProjectRules rules, BuildTable builds, BuildTokens tokens, BuildRuns runs, Database database, TimeProvider time)
{
    /// <summary>The time in which a token of the API's starts nothing new.</summary>
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(5);

    public StartBuild.Response Start(StartBuild request, Caller caller)
    {
        var token = request.IdempotencyToken is { } given ? new BuildToken(nameof(StartBuild) + "/" + given, ClientTokens.Hash(request), TokenLife) : null;
        return new(Begin(token, () =>
        {
            var project = projects.Require(request.ProjectName, caller);
            var settings = Overrides.Apply(project, request);
            if (settings.Source.Type == "CODEPIPELINE")
            {
                throw CodeBuildErrors.InvalidInput($"The source of {project.Name} is CODEPIPELINE, whose builds CodePipeline starts: override sourceTypeOverride and artifactsOverride");
            }

            rules.Check(settings, "StartBuild");
            return Make(settings, Initiator(caller), caller);
        }));
    }

    public RetryBuild.Response Retry(RetryBuild request, Caller caller)
    {
        var id = BuildTable.IdOf(request.Id ?? throw CodeBuildErrors.InvalidInput("Invalid build ID: it must be provided"));
        var token = request.IdempotencyToken is { } given ? new BuildToken(nameof(RetryBuild) + "/" + given, ClientTokens.Hash(request), TokenLife) : null;
        return new(Begin(token, () =>
        {
            var before = builds.Table.Find(id) ?? throw CodeBuildErrors.NoBuild(id);
            if (before.Pipeline is not null)
            {
                throw CodeBuildErrors.InvalidInput($"{id} is a build of CodePipeline's: retry the pipeline's stage");
            }

            _ = projects.Require(before.Build.ProjectName, caller);
            rules.Check(before.Settings, "RetryBuild");
            return Make(before.Settings, Initiator(caller), caller);
        }));
    }

    /// <summary>Starts a build for CodePipeline; see <see cref="PipelineBuilds"/>.</summary>
    public Build Start(PipelineBuild request, Caller caller) =>
        Begin(new("CodePipeline/" + request.Token, "", null), () =>
        {
            var project = projects.Require(request.ProjectName, caller);
            if (project.Source.Type != "CODEPIPELINE")
            {
                throw CodeBuildErrors.InvalidInput($"Project {project.Name} can't be built by CodePipeline: its source and artifacts must be of type CODEPIPELINE");
            }

            var variables = Overrides.Merge(project.Environment.EnvironmentVariables, request.EnvironmentVariables);
            var settings = project with
            {
                Environment = project.Environment with { EnvironmentVariables = variables }, SourceVersion = $"arn:aws:s3:::{request.Input.Bucket}/{request.Input.Key}",
            };
            rules.Check(settings, "StartBuild");
            return Make(settings, request.Initiator, caller) with { Pipeline = request };
        });

    /// <summary>Keeps a new build and starts it, or gives the one that the token started.</summary>
    private Build Begin(BuildToken? token, Func<BuildRecord> make)
    {
        var (build, isNew) = database.Write(_ =>
        {
            if (token is not null && tokens.Find(token) is { } id && builds.Table.Find(id) is { } started)
            {
                return (started, false);
            }

            var made = make();
            builds.Insert(made);
            if (token is not null)
            {
                tokens.Keep(token, made.Build.Id);
            }

            return (made, true);
        });
        if (isNew)
        {
            runs.Start(build);
        }

        return build.Build;
    }

    private BuildRecord Make(Project settings, string initiator, Caller caller)
    {
        if (settings.ConcurrentBuildLimit is { } limit && builds.Table.All().Count(b => b.Build.ProjectName == settings.Name && !b.Build.BuildComplete) >= limit)
        {
            throw CodeBuildErrors.TooManyBuilds($"Cannot have more than {limit} builds in progress for the project {settings.Name}");
        }

        var now = time.GetUtcNow();
        var uuid = Guid.NewGuid().ToString();
        var id = $"{settings.Name}:{uuid}";
        var build = new Build(
            id, caller.Arn("codebuild", "build/" + id), projects.NextBuild(settings.Name), now, Phase.Queued, Status.InProgress, settings.Name,
            [new(Phase.Submitted, Status.Succeeded, now, now, 0), new(Phase.Queued, StartTime: now)],
            settings.Source, BuildArtifactsOf(settings.Artifacts), settings.Cache!, settings.Environment, settings.ServiceRole, Logs(settings, uuid, caller),
            settings.TimeoutInMinutes!.Value, settings.QueuedTimeoutInMinutes!.Value, BuildComplete: false, initiator, settings.EncryptionKey!,
            SourceVersion: settings.SourceVersion, SecondarySources: settings.SecondarySources, SecondarySourceVersions: settings.SecondarySourceVersions,
            SecondaryArtifacts: settings.SecondaryArtifacts is { Count: > 0 } more ? [.. more.Select(BuildArtifactsOf)] : null, VpcConfig: settings.VpcConfig);
        return new(build, settings);
    }

    private static BuildArtifacts BuildArtifactsOf(ProjectArtifacts artifacts) =>
        new(null, null, null, artifacts.OverrideArtifactName, artifacts.EncryptionDisabled, artifacts.ArtifactIdentifier);

    private static LogsLocation Logs(Project settings, string uuid, Caller caller)
    {
        var (cloud, s3) = (settings.LogsConfig?.CloudWatchLogs ?? new("ENABLED"), settings.LogsConfig?.S3Logs ?? new("DISABLED"));
        var group = cloud.GroupName is { Length: > 0 } named ? named : "/aws/codebuild/" + settings.Name;
        var stream = cloud.StreamName is { Length: > 0 } prefix ? $"{prefix}/{uuid}" : uuid;
        var archive = s3.Status == "ENABLED" ? $"arn:aws:s3:::{SourceLocation.Plain(s3.Location!).TrimEnd('/')}/{uuid}.gz" : null;
        return cloud.Status == "ENABLED"
            ? new(group, stream, null, null, caller.Arn("logs", $"log-group:{group}:log-stream:{stream}"), archive, cloud, s3)
            : new(null, null, null, null, null, archive, cloud, s3);
    }

    private static string Initiator(Caller caller) => caller.Rule is { } rule ? rule[(rule.LastIndexOf(':') + 1)..]
        : caller.Identity.IsSession ? string.Join('/', caller.Identity.Arn.Split('/')[^2..])
        : caller.Identity.UserName.Split(':')[^1];
}
