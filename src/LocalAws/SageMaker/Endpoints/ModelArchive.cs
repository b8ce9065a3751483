using Slipway.Aws.Wire;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.SageMaker.Endpoints;

/// <summary>Brings a model.tar.gz from S3 into the folder that a server sees as /opt/ml/model.</summary>
internal sealed class ModelArchive(ObjectStore objects)
{
    /// <exception cref="DeploymentException">The archive is missing, damaged, or holds an entry that does not belong in the folder.</exception>
    public async Task Unpack(string url, string folder, CancellationToken cancellation)
    {
        var content = objects.OpenToDeploy(url)
            ?? throw new DeploymentException($"Failed to download model data from URL: \"{url}\". Please ensure that there is an object located at the URL.");
        await using (content)
        {
            try
            {
                await Task.Run(() => Aws.SageMaker.ModelArchive.Extract(content, folder, cancellation), cancellation);
            }
            catch (InvalidDataException e)
            {
                throw new DeploymentException($"Failed to extract model data from URL: \"{url}\". It {e.Message}", e);
            }
        }
    }
}

/// <summary>Objects that a deployment reads.</summary>
internal static class DeployedObjects
{
    /// <summary>Opens an object, or answers null where there is none.</summary>
    /// <exception cref="DeploymentException">It can't be read, such as for want of its KMS key.</exception>
    public static Stream? OpenToDeploy(this ObjectStore objects, string url)
    {
        var uri = S3Uri.Parse(url);
        try
        {
            return objects.Open(uri.Bucket, uri.Key)?.Content;
        }
        catch (AwsException e)
        {
            throw new DeploymentException($"Failed to read {url}: {e.Message} ({e.Code})", e);
        }
    }
}

/// <summary>Why a deployment did not succeed, in words for the endpoint's FailureReason.</summary>
internal sealed class DeploymentException(string message, Exception? inner = null) : Exception(message, inner);
