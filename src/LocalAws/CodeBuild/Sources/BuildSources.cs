using Slipway.Aws.CodeBuild;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodeBuild.Buildspecs;
using Slipway.LocalAws.CodeBuild.Running;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.CodeBuild.Sources;

/// <summary>Brings the sources of a build into its folder.</summary>
internal sealed class BuildSources(CodeCommitSource codeCommit, S3Source s3, ObjectStore objects)
{
    private const string DefaultBuildspec = "buildspec.yml";
    private const int LargestBuildspec = 1 << 20;

    /// <summary>Downloads all sources and gives the resolved version of the primary one.</summary>
    /// <exception cref="BuildFailure">One is not there.</exception>
    public async Task Download(RunningBuild build)
    {
        var settings = build.Record.Settings;
        if (build.Record.Pipeline is { } pipeline)
        {
            var version = await s3.Download(new S3Uri(pipeline.Input.Bucket, pipeline.Input.Key), null, build.Folder.Source, build);
            build.ResolvedVersion = pipeline.ResolvedVersion ?? version;
            foreach (var input in pipeline.SecondaryInputs)
            {
                await s3.Download(new S3Uri(input.Bucket, input.Key), null, build.Folder.SourceOf(input.Name), build);
            }

            return;
        }

        build.ResolvedVersion = await Download(settings.Source, settings.SourceVersion, build.Folder.Source, build);
        foreach (var source in settings.SecondarySources ?? [])
        {
            var version = settings.SecondarySourceVersions?.FirstOrDefault(v => v.SourceIdentifier == source.SourceIdentifier)?.SourceVersion;
            var resolved = await Download(source, version, build.Folder.SourceOf(source.SourceIdentifier), build);
            build.SecondaryVersions[source.SourceIdentifier!] = resolved;
        }
    }

    /// <summary>The buildspec of a build: its own text, a file of the primary source, or an object.</summary>
    /// <exception cref="BuildFailure">YAML_FILE_ERROR: it is not there, or has a mistake.</exception>
    public async Task<Buildspec> ReadBuildspec(RunningBuild build)
    {
        var place = build.Record.Settings.Source.Buildspec is { Length: > 0 } given ? given : DefaultBuildspec;
        var text = SourceLocation.IsInline(place) ? place
            : place.StartsWith("arn:", StringComparison.Ordinal) ? await Object(place, build.Cancellation)
            : await SourceFile(place, build);
        try
        {
            return BuildspecReader.Read(text);
        }
        catch (BuildspecException e)
        {
            throw new BuildFailure(BuildFailure.Yaml, SourceLocation.IsInline(place) ? e.Message : $"{place}: {e.Message}", e);
        }
    }

    private async Task<string?> Download(ProjectSource source, string? version, string folder, RunningBuild build) => source.Type switch
    {
        "CODECOMMIT" => await codeCommit.Clone(source, version, folder, build),
        "S3" => await s3.Download(SourceLocation.ObjectOf(source.Location)!, version, folder, build),
        _ => null,
    };

    private static async Task<string> SourceFile(string path, RunningBuild build)
    {
        if (Folders.Below(build.Folder.Source, path) is not { } file || Folders.IsLinked(build.Folder.Source, Path.GetRelativePath(build.Folder.Source, file)) || !File.Exists(file))
        {
            throw new BuildFailure(BuildFailure.Yaml, $"YAML file does not exist: {path}");
        }

        await using var content = File.OpenRead(file);
        return await Text(content, path, build.Cancellation);
    }

    private async Task<string> Object(string arn, CancellationToken cancellation)
    {
        try
        {
            var place = SourceLocation.ObjectOf(arn) ?? throw new BuildFailure(BuildFailure.Yaml, $"{arn} is no object of S3");
            var (_, content) = objects.Open(place.Bucket, place.Key) ?? throw new BuildFailure(BuildFailure.Yaml, $"YAML file does not exist: {arn}");
            await using (content)
            {
                return await Text(content, arn, cancellation);
            }
        }
        catch (AwsException e)
        {
            throw new BuildFailure(BuildFailure.Yaml, $"{arn} can't be read: {e.Message} ({e.Code})", e);
        }
    }

    private static async Task<string> Text(Stream content, string place, CancellationToken cancellation)
    {
        using var reader = new StreamReader(content);
        return content.Length <= LargestBuildspec ? await reader.ReadToEndAsync(cancellation)
            : throw new BuildFailure(BuildFailure.Yaml, $"{place} has {content.Length} bytes; at most {LargestBuildspec} are read");
    }
}
