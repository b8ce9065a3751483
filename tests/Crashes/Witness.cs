using System.Collections.Concurrent;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.SageMaker;

namespace Slipway.Tests.Crashes;

/// <summary>Puts records and objects all the time, and remembers which were acknowledged: each must be there, whole, from then on.</summary>
internal sealed class Witness(MainJob job)
{
    private const string Name = "witness";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private readonly ConcurrentQueue<int> _acknowledged = new();

    /// <summary>How many puts were acknowledged.</summary>
    public int Count => _acknowledged.Count;

    public async Task Run(CancellationToken stop)
    {
        try
        {
            await Persistent.Run(MakeBucket, stop);
            await Persistent.Run(MakeGroup, stop);
            for (var i = 0; ; i++)
            {
                await Persistent.Run(() => Put(i, stop), stop);
                _acknowledged.Enqueue(i);
                await Task.Delay(Pause, TimeProvider.System, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // it works until it is told that all is over
        }
    }

    /// <summary>Looks for everything that was acknowledged since a number, and fails where it is not there or not right.</summary>
    /// <returns>The number from which the next check can go on.</returns>
    public async Task<int> Check(int from)
    {
        foreach (var i in _acknowledged.Where(i => i >= from))
        {
            var record = (await job.Session.Aws.Send(new GetRecord(Name, $"r{i}"))).Record;
            Assert.True(record is not null, $"the acknowledged record r{i} is gone");
            Assert.Equal(["id", "time", "value"], record.Select(v => v.FeatureName));
            Assert.Equal($"value {i}", record[2].ValueAsString);
            using var found = await job.Session.S3.GetObjectAsync(Name, $"objects/{i}");
            using var reader = new StreamReader(found.ResponseStream);
            Assert.Equal(Content(i), await reader.ReadToEndAsync());
            from = i + 1;
        }

        return from;
    }

    /// <summary>Small ones lie in the database, others in files.</summary>
    private static string Content(int i) => string.Concat(Enumerable.Repeat($"object {i};", i % 12 * 1500));

    private async Task MakeBucket()
    {
        try
        {
            await job.Session.S3.PutBucketAsync(Name);
        }
        catch (Amazon.S3.Model.BucketAlreadyOwnedByYouException)
        {
            // made, and the answer lost
        }
    }

    private async Task MakeGroup()
    {
        try
        {
            await job.Session.Aws.Send(new CreateFeatureGroup(
                Name, "id", "time", [new("id", FeatureType.String), new("time", FeatureType.String), new("value", FeatureType.String)], OnlineStoreConfig: new(EnableOnlineStore: true)));
        }
        catch (Slipway.Aws.Wire.AwsException e) when (e.Code == "ResourceInUse")
        {
            // made, and the answer lost
        }
    }

    private async Task Put(int i, CancellationToken stop)
    {
        await job.Session.Aws.Send(new PutRecord(Name, [new("id", $"r{i}"), new("time", "2026-01-01T00:00:00Z"), new("value", $"value {i}")]), stop);
        await job.Session.S3.PutObjectAsync(new() { BucketName = Name, Key = $"objects/{i}", ContentBody = Content(i) }, stop);
    }
}
