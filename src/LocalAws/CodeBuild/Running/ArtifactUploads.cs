using System.IO.Compression;
using Slipway.Aws.CodeBuild;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodeBuild.Sources;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>Takes the artifacts of builds to S3. What is uploaded again after a crash has the same keys.</summary>
internal sealed class ArtifactUploads(ObjectStore objects)
{
    /// <summary>Uploads all artifacts of a build and gives what AWS shows of them: the primary one first.</summary>
    /// <exception cref="BuildFailure">There is nothing to upload, or S3 does not take it.</exception>
    public async Task<IReadOnlyList<BuildArtifacts>> Upload(RunningBuild build, BuildOutcome outcome)
    {
        try
        {
            return build.Record.Pipeline is { } pipeline
                ? [await ForPipeline(build, outcome, pipeline)]
                : await ForProject(build, outcome);
        }
        catch (AwsException e)
        {
            throw new BuildFailure(BuildFailure.Client, $"Error while uploading artifacts: {e.Message} ({e.Code})", e);
        }
    }

    private async Task<IReadOnlyList<BuildArtifacts>> ForProject(RunningBuild build, BuildOutcome outcome)
    {
        var settings = build.Record.Settings;
        var uploaded = new List<BuildArtifacts>();
        foreach (var artifacts in (settings.SecondaryArtifacts ?? []).Prepend(settings.Artifacts))
        {
            var identifier = artifacts.ArtifactIdentifier ?? "";
            var shown = new BuildArtifacts(
                OverrideArtifactName: artifacts.OverrideArtifactName, EncryptionDisabled: artifacts.EncryptionDisabled, ArtifactIdentifier: artifacts.ArtifactIdentifier);
            var rule = outcome.Artifacts.GetValueOrDefault(ReferenceEquals(artifacts, settings.Artifacts) ? "" : identifier);
            if (rule is null && !ReferenceEquals(artifacts, settings.Artifacts))
            {
                throw new BuildFailure(BuildFailure.Client, $"the buildspec has no secondary artifacts {identifier}");
            }

            if (artifacts.Type == "S3" && rule is null)
            {
                build.Log.Write("The buildspec names no artifacts, so nothing is uploaded");
            }

            uploaded.Add(artifacts.Type == "S3" && rule is not null ? await ToS3(build, artifacts, rule, shown) : shown);
        }

        return uploaded;
    }

    private async Task<BuildArtifacts> ForPipeline(RunningBuild build, BuildOutcome outcome, PipelineBuild pipeline)
    {
        foreach (var output in pipeline.Outputs)
        {
            var rule = (pipeline.Outputs.Count == 1 ? outcome.Artifacts.GetValueOrDefault("") : null) ?? outcome.Artifacts.GetValueOrDefault(output.Name)
                ?? throw new BuildFailure(BuildFailure.Client, pipeline.Outputs.Count == 1
                    ? $"the buildspec names no artifacts for the output artifact {output.Name}"
                    : $"the buildspec has no secondary artifacts {output.Name}, as several output artifacts need");
            var zip = await Zip(build, rule);
            await objects.PutFile(output.Bucket, output.Key, zip, pipeline.EncryptionKey, build.Cancellation);
            File.Delete(zip);
        }

        return new();
    }

    private async Task<BuildArtifacts> ToS3(RunningBuild build, ProjectArtifacts artifacts, ArtifactRule rule, BuildArtifacts shown)
    {
        var place = Place(build, artifacts, rule);
        var key = artifacts.EncryptionDisabled == true ? null : BuildRuns.KmsKey(build.Record.Settings);
        if (artifacts.Packaging == "ZIP")
        {
            var zip = await Zip(build, rule);
            await objects.PutFile(place.Bucket, place.Key, zip, key, build.Cancellation);
            var (sha256, md5) = await Sums(zip, build.Cancellation);
            shown = shown with { Sha256sum = sha256, Md5sum = md5 };
            File.Delete(zip);
        }
        else
        {
            foreach (var (path, file) in Files(build, rule))
            {
                await objects.PutFile(place.Bucket, place.Append(path).Key, file, key, build.Cancellation);
            }
        }

        return shown with { Location = $"arn:aws:s3:::{place.Bucket}{(place.Key.Length > 0 ? "/" + place.Key : "")}" };
    }

    /// <summary>The sums that CodeBuild tells of a zip, in hexadecimal.</summary>
    private static async Task<(string Sha256, string Md5)> Sums(string zip, CancellationToken cancellation)
    {
        using var digests = new Digests(payload: true);
        await using var content = File.OpenRead(zip);
        var block = new byte[1 << 16];
        while (await content.ReadAsync(block, cancellation) is > 0 and var read)
        {
            digests.Append(block.AsSpan(0, read));
        }

        return (Convert.ToHexStringLower(digests.Payload()!), Convert.ToHexStringLower(digests.Md5()));
    }

    /// <summary>Where artifacts go: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectArtifacts.html</summary>
    private static S3Uri Place(RunningBuild build, ProjectArtifacts artifacts, ArtifactRule rule)
    {
        var name = (artifacts.OverrideArtifactName == true ? rule.Name : null) ?? artifacts.Name ?? artifacts.ArtifactIdentifier ?? build.Record.Settings.Name;
        string?[] parts = [artifacts.Path, artifacts.NamespaceType == "BUILD_ID" ? BuildFolder.NameOf(build.Id) : null, name];
        var key = string.Join('/', parts.Select(p => p?.Trim('/')).Where(p => p is { Length: > 0 } and not "."));
        return new(SourceLocation.Plain(artifacts.Location!), key.Length == 0 && artifacts.Packaging == "ZIP" ? build.Record.Settings.Name : key);
    }

    private static async Task<string> Zip(RunningBuild build, ArtifactRule rule)
    {
        var zip = build.Folder.Scratch("artifacts.zip");
        File.Delete(zip);
        await using var archive = await ZipFile.OpenAsync(zip, ZipArchiveMode.Create, build.Cancellation);
        foreach (var (path, file) in Files(build, rule))
        {
            await archive.CreateEntryFromFileAsync(file, path, CompressionLevel.Fastest, build.Cancellation);
        }

        return zip;
    }

    /// <summary>The files of a set of artifacts, by the path that they have in it.</summary>
    private static SortedDictionary<string, string> Files(RunningBuild build, ArtifactRule rule)
    {
        build.Log.Write($"Expanding base directory path: {rule.BaseDirectory ?? "."}");
        var folders = FileSet.Folders(build.Folder.Source, Below(build, rule.BaseDirectory));
        if (folders.Count == 0)
        {
            throw new BuildFailure(BuildFailure.Client, $"no matching base directory path found for {rule.BaseDirectory}");
        }

        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            foreach (var (path, file) in FileSet.Find(folder, rule.Files.Select(f => Below(build, f)!), rule.ExcludePaths.Select(f => Below(build, f)!)))
            {
                found.TryAdd(rule.DiscardPaths ? Path.GetFileName(path) : path, file);
            }
        }

        build.Log.Write($"Found {found.Count} file(s)");
        return found.Count > 0 ? found : throw new BuildFailure(BuildFailure.Client, "no matching artifact paths found");
    }

    /// <summary>A path that begins at the source's folder as the build sees it, from that folder on.</summary>
    private static string? Below(RunningBuild build, string? path)
    {
        var source = $"{build.Root}/{BuildFolder.SourceName(null)}";
        return path is not null && (path + "/").StartsWith(source + "/", StringComparison.Ordinal) ? path[source.Length..].TrimStart('/') : path;
    }
}
