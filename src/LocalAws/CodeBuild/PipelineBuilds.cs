using Slipway.Aws.CodeBuild;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodeBuild;

/// <summary>An artifact of CodePipeline: a zip in S3.</summary>
/// <param name="Name">The artifact's name in the pipeline.</param>
/// <param name="Bucket">The artifact store's bucket.</param>
/// <param name="Key">The zip's key.</param>
internal sealed record PipelineArtifact(string Name, string Bucket, string Key);

/// <summary>A build that an action of CodePipeline starts, of a project whose source and artifacts are of type CODEPIPELINE.</summary>
/// <param name="ProjectName">The project.</param>
/// <param name="Token">What names the action's execution: the same token starts no second build, after a crash either.</param>
/// <param name="Initiator">Who asks: <c>codepipeline/PIPELINE</c>.</param>
/// <param name="Input">The primary input artifact, extracted to CODEBUILD_SRC_DIR.</param>
/// <param name="SecondaryInputs">The others, each extracted to CODEBUILD_SRC_DIR_NAME.</param>
/// <param name="Outputs">
/// The zips that the build writes: a single one from the buildspec's <c>artifacts</c>, several from its <c>secondary-artifacts</c> of the same names.
/// All are there when the build has SUCCEEDED.
/// </param>
internal sealed record PipelineBuild(
    string ProjectName, string Token, string Initiator, PipelineArtifact Input, IReadOnlyList<PipelineArtifact> SecondaryInputs,
    IReadOnlyList<PipelineArtifact> Outputs)
{
    /// <summary>The revision of the primary input, such as a commit id: CODEBUILD_RESOLVED_SOURCE_VERSION. Null: the object's version.</summary>
    public string? ResolvedVersion { get; init; }

    /// <summary>The action's EnvironmentVariables, which go before the project's.</summary>
    public IReadOnlyList<EnvironmentVariable> EnvironmentVariables { get; init; } = [];

    /// <summary>The KMS key of the artifact store, which encrypts the outputs; null: the bucket's default.</summary>
    public string? EncryptionKey { get; init; }
}

/// <summary>How CodePipeline's actions start builds and learn of their end.</summary>
internal sealed class PipelineBuilds(BuildStarts starts, BuildTable builds, Changes changes)
{
    /// <summary>Starts a build, or finds the one that its token started.</summary>
    /// <exception cref="Aws.Wire.AwsException">ResourceNotFoundException or InvalidInputException, as StartBuild's.</exception>
    public Build Start(PipelineBuild request, Caller caller) => starts.Start(request, caller);

    /// <summary>
    /// Completes when a build has ended (<see cref="Build.BuildComplete"/>), with its status, its phases' contexts and its
    /// ExportedEnvironmentVariables; null where it was deleted.
    /// </summary>
    public async Task<Build?> End(string id, CancellationToken cancellation)
    {
        while (true)
        {
            var next = changes.Next(BuildTable.SignalOf(id));
            var build = builds.Table.Find(id)?.Build;
            if (build is not { BuildComplete: false })
            {
                return build;
            }

            await next.WaitAsync(cancellation);
        }
    }
}
