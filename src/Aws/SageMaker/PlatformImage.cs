namespace Slipway.Aws.SageMaker;

/// <summary>Slipway's own container image: the one that holds <c>slipway-worker</c> and runs every step of its pipeline and its endpoints.</summary>
public static class PlatformImage
{
    /// <summary>The ECR repository that holds it.</summary>
    public const string Repository = "slipway";

    /// <summary>Its program, and the entry point that a processing job names.</summary>
    public const string Worker = "slipway-worker";

    /// <summary>The image's URI in an account's registry.</summary>
    public static string Uri(string accountId, string region, string tag) => $"{accountId}.dkr.ecr.{region}.amazonaws.com/{Repository}:{tag}";

    /// <summary>Whether a URI names the platform's own image: an ECR registry of any account and region, its repository, any tag or digest.</summary>
    public static bool Is(string imageUri)
    {
        ArgumentNullException.ThrowIfNull(imageUri);
        var slash = imageUri.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || imageUri[..slash].Split('.') is not [_, "dkr", "ecr", _, "amazonaws", ..])
        {
            return false;
        }

        var image = imageUri[(slash + 1)..];
        return image[..(image.IndexOfAny([':', '@']) is var end and >= 0 ? end : image.Length)] == Repository;
    }
}
