using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodeBuild.Sources;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>
/// What builds keep for the next ones of their project, in S3 or on this machine: the paths that the buildspec names, below the
/// source's folder or the home directory: https://docs.aws.amazon.com/codebuild/latest/userguide/build-caching.html
/// </summary>
internal sealed class BuildCaches(LocalAwsOptions options, ObjectStore objects, ProjectTable projects)
{
    private const string HomeName = "home";

    /// <summary>The home directory of builds on AWS, where buildspecs look for caches of tools.</summary>
    private const string AwsHome = "/root";

    private string Folder => options.Folder("codebuild-caches");

    /// <summary>Brings back what the build before kept; a build without it goes on.</summary>
    public async Task Restore(RunningBuild build)
    {
        if (build.Spec.CachePaths.Count == 0)
        {
            return;
        }

        try
        {
            await using var zip = Open(build);
            if (zip is null)
            {
                return;
            }

            await Zips.Extract(zip, build.Folder.Container, overwrites: false, build.Cancellation);
            build.Log.Write("The cache of an earlier build has been restored");
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            build.Log.Write($"The cache can't be restored: {e.Message}");
        }
        catch (AwsException e)
        {
            build.Log.Write($"The cache can't be read: {e.Message} ({e.Code})");
        }
    }

    /// <summary>Keeps what the buildspec names, in place of what was kept.</summary>
    /// <exception cref="BuildFailure">S3 does not take it.</exception>
    public async Task Save(RunningBuild build, IReadOnlyList<string> paths)
    {
        var cache = build.Record.Settings.Cache!;
        if (paths.Count == 0 || cache.Type == "NO_CACHE" || (cache.Type == "LOCAL" && !cache.Modes!.Contains("LOCAL_CUSTOM_CACHE")))
        {
            return;
        }

        var zip = build.Folder.Scratch("cache.zip");
        File.Delete(zip);
        var count = await Pack(build, paths, zip);
        build.Log.Write($"Keeping {count} file(s) in the cache");
        if (cache.Type == "LOCAL")
        {
            Directory.CreateDirectory(Folder);
            File.Move(zip, LocalFile(build), overwrite: true);
            return;
        }

        try
        {
            var place = Place(build);
            await objects.PutFile(place.Bucket, place.Key, zip, BuildRuns.KmsKey(build.Record.Settings), build.Cancellation);
        }
        catch (AwsException e)
        {
            throw new BuildFailure(BuildFailure.Client, $"Error while uploading the cache: {e.Message} ({e.Code})", e);
        }
    }

    /// <summary>Removes the local caches of a project.</summary>
    public void Forget(string project)
    {
        foreach (var file in Directory.Exists(Folder) ? Directory.GetFiles(Folder, project + ".*.zip") : [])
        {
            File.Delete(file);
        }
    }

    /// <summary>What the build before kept, or null.</summary>
    /// <exception cref="AwsException">S3 does not give it.</exception>
    private Stream? Open(RunningBuild build)
    {
        var cache = build.Record.Settings.Cache!;
        switch (cache.Type)
        {
            case "LOCAL":
                // a build that ends meanwhile puts another file in its place
                return cache.Modes!.Contains("LOCAL_CUSTOM_CACHE") && File.Exists(LocalFile(build))
                    ? new FileStream(LocalFile(build), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete)
                    : null;
            case "S3":
                var place = Place(build);
                return objects.Open(place.Bucket, place.Key)?.Content;
            default:
                return null;
        }
    }

    private static async Task<int> Pack(RunningBuild build, IReadOnlyList<string> paths, string zip)
    {
        await using var archive = await ZipFile.OpenAsync(zip, ZipArchiveMode.Create, build.Cancellation);
        var count = 0;
        foreach (var (name, folder) in new[] { (BuildFolder.SourceName(null), build.Folder.Source), (HomeName, build.Folder.Home) })
        {
            var patterns = paths.Select(p => Below(p, build.Root)).Where(p => p.Folder == name).Select(p => p.Path);
            foreach (var (path, file) in FileSet.Find(folder, patterns, []))
            {
                await archive.CreateEntryFromFileAsync(file, $"{name}/{path}", CompressionLevel.Fastest, build.Cancellation);
                count++;
            }
        }

        return count;
    }

    /// <summary>The folder of the build's container that a path of the buildspec is in, and the rest of the path.</summary>
    private static (string Folder, string Path) Below(string path, string root)
    {
        (string Prefix, string Folder)[] known =
            [("~/", HomeName), (AwsHome + "/", HomeName), ($"{root}/{HomeName}/", HomeName), ($"{root}/{BuildFolder.SourceName(null)}/", BuildFolder.SourceName(null))];
        var found = Array.Find(known, k => path.StartsWith(k.Prefix, StringComparison.Ordinal));
        return found.Prefix is not null ? (found.Folder, path[found.Prefix.Length..]) : (path.StartsWith('/') ? "" : BuildFolder.SourceName(null), path);
    }

    private string LocalFile(RunningBuild build) =>
        Path.Combine(Folder, $"{build.Record.Settings.Name}.{projects.Cache(build.Record.Settings.Name)}.zip");

    private S3Uri Place(RunningBuild build)
    {
        var (settings, cache) = (build.Record.Settings, build.Record.Settings.Cache!);
        var owner = cache.CacheNamespace is { Length: > 0 } shared ? shared : $"{settings.Arn}/{projects.Cache(settings.Name)}";
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(owner)))[..32];
        var parts = SourceLocation.Plain(cache.Location!).Split('/', 2);
        return new S3Uri(parts[0], parts.Length > 1 ? parts[1].TrimEnd('/') : "").Append(name);
    }
}
