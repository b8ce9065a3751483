using DuckDB.NET.Data;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;

namespace Slipway.Tests.LocalAws.FeatureStore;

/// <summary>What an offline store holds, read as its users read it: the Parquet files in S3.</summary>
internal static class OfflineRows
{
    /// <summary>Brings the files of a feature group into a folder.</summary>
    public static async Task Download(AwsSession session, string group, string folder)
    {
        var store = await session.Aws.Send(new DescribeFeatureGroup(group));
        var place = new Uri(store.OfflineStoreConfig!.S3StorageConfig.ResolvedOutputS3Uri!);
        await foreach (var listed in session.S3.Paginators.ListObjectsV2(new() { BucketName = place.Host, Prefix = place.AbsolutePath.Trim('/') + "/" }).S3Objects)
        {
            using var found = await session.S3.GetObjectAsync(place.Host, listed.Key);
            await found.WriteResponseStreamToFileAsync(Path.Combine(folder, Path.GetFileName(listed.Key)), append: false, CancellationToken.None);
        }
    }

    /// <summary>A text of each row of the files in a folder, in order.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="expression">SQL over the columns.</param>
    public static List<string> Answers(string folder, string expression)
    {
        using var duckdb = new DuckDBConnection("DataSource=:memory:");
        duckdb.Open();
        using var command = duckdb.CreateCommand();
        command.CommandText = $"SELECT {expression} AS answer FROM read_parquet('{folder}/*.parquet', union_by_name = true) ORDER BY answer";
        using var reader = command.ExecuteReader();
        var answers = new List<string>();
        while (reader.Read())
        {
            answers.Add(reader.GetString(0));
        }

        return answers;
    }
}
