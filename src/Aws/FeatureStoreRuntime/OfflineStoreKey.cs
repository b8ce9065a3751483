using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Aws.FeatureStoreRuntime;

/// <summary>How SageMaker names the offline store's files: https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-offline.html</summary>
public static class OfflineStoreKey
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>
    /// A file's place below the group's data folder: <c>year=YYYY/month=MM/day=DD/hour=HH/TIME_LETTERS.parquet</c>. The same
    /// content gives the same name, so that a file that is written again after a crash takes the place of the first.
    /// </summary>
    /// <param name="latest">The newest event time in the file, in ticks of 100 ns since year 1, UTC.</param>
    /// <param name="content">What tells this file's content from that of others of its hour.</param>
    public static string Of(long latest, string content)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(content));
        var letters = string.Concat(hash.Take(16).Select(b => Letters[b % Letters.Length]));
        var time = new DateTime(latest, DateTimeKind.Utc);
        return time.ToString("'year='yyyy'/month='MM'/day='dd'/hour='HH'/'yyyyMMdd'T'HHmmss'Z_'", CultureInfo.InvariantCulture) + letters + ".parquet";
    }
}
