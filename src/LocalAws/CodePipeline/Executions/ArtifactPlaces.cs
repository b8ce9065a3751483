using System.Security.Cryptography;
using Slipway.Aws.CodePipeline;
using Slipway.LocalAws.S3.Objects;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>Where artifacts lie: PIPELINE/ARTIFACT/xxxxxxx in the artifact store's bucket, the names cut as AWS cuts them.</summary>
internal sealed class ArtifactPlaces(PipelineTable pipelines, ObjectStore objects)
{
    private const int LongestPipeline = 20;
    private const int LongestArtifact = 10;
    private const int SuffixLength = 7;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A new place for an artifact.</summary>
    public static string NewKey(string pipeline, string artifact) =>
        $"{Cut(pipeline, LongestPipeline)}/{Cut(artifact, LongestArtifact)}/{RandomNumberGenerator.GetString(Alphabet, SuffixLength)}";

    /// <summary>The artifact store of a region.</summary>
    public static ArtifactStore StoreOf(PipelineDeclaration structure, string region) => structure.ArtifactStore ?? structure.ArtifactStores![region];

    /// <summary>The KMS key of a run's artifacts, or null.</summary>
    public string? KeyOf(ActionRow run) => StoreOf(pipelines.Declaration(run.Pipeline, run.Version)!, run.Input.Region).EncryptionKey?.Id;

    /// <summary>Puts the one artifact that a source makes.</summary>
    public async Task Put(ActionRow run, Stream content, CancellationToken cancellation)
    {
        var place = run.OutputArtifacts[0].S3Location;
        var headers = KeyOf(run) is { } key ? new ObjectHeaders("application/zip") { Standard = EncryptionHeaders.Of(key) } : new ObjectHeaders("application/zip");
        await objects.Put(place.Bucket, place.Key, content, headers, cancellation);
    }

    /// <summary>Opens an artifact that a run takes.</summary>
    /// <exception cref="ActionFailedException">It is gone.</exception>
    public Stream Open(ArtifactDetail artifact) => objects.Open(artifact.S3Location.Bucket, artifact.S3Location.Key)?.Content
        ?? throw new ActionFailedException("ConfigurationError", $"The artifact {artifact.Name} is no longer at s3://{artifact.S3Location.Bucket}/{artifact.S3Location.Key}.");

    private static string Cut(string name, int most) => name.Length > most ? name[..most] : name;
}
