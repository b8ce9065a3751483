using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Slipway.Aws.SageMaker;
using Slipway.Aws.SageMakerRuntime;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;
using Slipway.LocalAws.SageMaker.Endpoints;
using Slipway.Tests.Clients;
using Slipway.Tests.EndToEnd;

namespace Slipway.Tests.LocalAws.SageMaker.Endpoints;

/// <summary>Endpoints with real servers and real HTTP.</summary>
public sealed class EndpointTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private const string Image = "000000000000.dkr.ecr.us-east-1.amazonaws.com/archive-server:1";
    private static readonly string Server = Path.Combine(Repository.Root, "tests", "LocalAws", "SageMaker", "Endpoints", "serve.mjs");

    [Fact]
    public async Task An_endpoint_serves_what_its_model_answers()
    {
        await Deploy("serves", """{"version":"one"}""");
        var answer = await aws.Aws.Send(new InvokeEndpoint("serves", "25,1,0"u8.ToArray(), "text/csv", "text/plain", "trace 7"));
        Assert.Equal("one:25,1,0", Text(answer));
        Assert.Equal("text/plain", answer.ContentType);
        Assert.Equal("trace 7", answer.CustomAttributes);
        Assert.Equal("AllTraffic", answer.InvokedProductionVariant);
    }

    [Fact]
    public async Task Ten_updates_under_load_lose_no_request_and_give_no_wrong_answer()
    {
        var before = Servers();
        await Deploy("loaded", """{"version":"0"}""");
        using var done = new CancellationTokenSource();
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        var load = Enumerable.Range(0, 16).Select(async connection =>
        {
            using var http = new HttpClient();
            for (var n = 0; !done.IsCancellationRequested; n++)
            {
                var asked = $"{connection}-{n}";
                using var answer = await http.PostAsync(new Uri(aws.Server.Endpoint, "/endpoints/loaded/invocations"), new StringContent(asked));
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True(answer.IsSuccessStatusCode, text);
                Assert.Equal(asked, text.Split(':')[1]);
                seen.AddOrUpdate(text.Split(':')[0], 1, (_, count) => count + 1);
            }
        }).ToList();

        await Seen(0);
        for (var version = 1; version <= 10; version++)
        {
            await Configure($"loaded-{version}", $$"""{"version":"{{version}}"}""");
            await aws.Aws.Send(new UpdateEndpoint("loaded", $"loaded-{version}"));
            var state = await Settled("loaded");
            Assert.Equal((EndpointStatus.InService, $"loaded-{version}", null), (state.EndpointStatus, state.EndpointConfigName, state.FailureReason));
            Assert.Equal($"{version}:now", Text(await aws.Aws.Send(new InvokeEndpoint("loaded", "now"u8.ToArray()))));
            await Seen(version);
        }

        await done.CancelAsync();
        await Task.WhenAll(load);
        Assert.Equal(11, seen.Count);
        // the servers of the versions before have ended, and left nothing
        await Patience.Until(() => Task.FromResult(Servers() <= before + 1));

        int Servers() => Path.Combine(aws.DataDirectory, "endpoints") is var folder && Directory.Exists(folder) ? Directory.GetDirectories(folder).Length : 0;

        Task Seen(int version) => Patience.Until(() => Task.FromResult(seen.ContainsKey($"{version}") || load.Exists(l => l.IsFaulted)));
    }

    [Fact]
    public async Task A_model_that_does_not_start_leaves_the_old_one_serving_and_says_why()
    {
        using var gate = new JobGate();
        await Deploy("kept", """{"version":"good"}""");
        await Configure("kept-broken", $$"""{"broken":true,"waitsFor":"{{gate.File}}"}""");
        await aws.Aws.Send(new UpdateEndpoint("kept", "kept-broken"));
        await Assert.ThrowsAsync<AwsException>(() => aws.Aws.Send(new DeleteEndpoint("kept")));
        await gate.Open();
        var state = await Settled("kept");
        Assert.Equal((EndpointStatus.InService, "kept"), (state.EndpointStatus, state.EndpointConfigName));
        Assert.Contains("the model can not be loaded", state.FailureReason, StringComparison.Ordinal);
        Assert.Equal("good:x", Text(await aws.Aws.Send(new InvokeEndpoint("kept", "x"u8.ToArray()))));

        await Deploy("never", """{"broken":true}""", EndpointStatus.Failed);
        var unknown = await Assert.ThrowsAsync<AwsException>(() => aws.Aws.Send(new InvokeEndpoint("never", "x"u8.ToArray())));
        Assert.Equal("ValidationError", unknown.Code);
    }

    [Fact]
    public async Task A_model_that_fails_its_own_sample_request_does_not_get_the_traffic()
    {
        await Deploy("sampled", """{"version":"good"}""");
        await Configure("sampled-wrong", """{"version":"bad"}""", ("sample-request.csv", "wrong"));
        await aws.Aws.Send(new UpdateEndpoint("sampled", "sampled-wrong"));
        var state = await Settled("sampled");
        Assert.Equal("sampled", state.EndpointConfigName);
        Assert.Contains("row 1, column age: wrong", state.FailureReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Servers_that_end_again_and_again_after_an_update_are_rolled_back()
    {
        await Deploy("crashing", """{"version":"good"}""");
        await Configure("crashing-new", """{"version":"bad","endsAtRequests":true}""");
        var policy = new DeploymentConfig(new(new("ALL_AT_ONCE", 60)));
        await aws.Aws.Send(new UpdateEndpoint("crashing", "crashing-new", DeploymentConfig: policy));
        using var http = new HttpClient();
        while ((await aws.Aws.Send(new DescribeEndpoint("crashing"))).EndpointStatus == EndpointStatus.Updating)
        {
            using var answer = await http.PostAsync(new Uri(aws.Server.Endpoint, "/endpoints/crashing/invocations"), new StringContent("x"));
        }

        var state = await Settled("crashing");
        Assert.Equal((EndpointStatus.InService, "crashing"), (state.EndpointStatus, state.EndpointConfigName));
        Assert.Contains("it ended with status 4", state.FailureReason, StringComparison.Ordinal);
        Assert.Equal("good:x", Text(await aws.Aws.Send(new InvokeEndpoint("crashing", "x"u8.ToArray()))));
    }

    [Fact]
    public async Task A_server_that_ends_is_started_again_and_its_request_is_a_model_error()
    {
        await Deploy("restarted", """{"version":"one"}""");
        var before = Text(await aws.Aws.Send(new InvokeEndpoint("restarted", "x"u8.ToArray())));
        var ended = await Assert.ThrowsAsync<AwsException>(() => aws.Aws.Send(new InvokeEndpoint("restarted", "end"u8.ToArray())));
        Assert.Equal(("ModelError", 424), (ended.Code, (int)ended.Status));
        Assert.Equal(before, Text(await aws.Aws.Send(new InvokeEndpoint("restarted", "x"u8.ToArray()))));
    }

    [Fact]
    public async Task A_request_that_ends_a_server_is_not_given_to_another_one()
    {
        await Model("paired", """{"version":"one"}""");
        await aws.Aws.Send(new CreateEndpointConfig("paired", [new("AllTraffic", "paired", 2, "ml.m5.large", 1)]));
        await aws.Aws.Send(new CreateEndpoint("paired", "paired"));
        await Settled("paired");
        var servers = aws.Server.Part<Deployments>().Serving("paired")!.Servers.ToList();
        for (var ended = 1; ended <= 2; ended++)
        {
            Assert.Equal("ModelError", (await Assert.ThrowsAsync<AwsException>(() => aws.Aws.Send(new InvokeEndpoint("paired", "end"u8.ToArray())))).Code);
            Assert.Equal("one:x", Text(await aws.Aws.Send(new InvokeEndpoint("paired", "x"u8.ToArray()))));
            await Patience.Until(() => Task.FromResult(servers.Sum(s => s.Crashes) == ended));
        }
    }

    [Fact]
    public async Task What_the_model_refuses_is_a_model_error_with_its_words()
    {
        await Deploy("refusing", """{"version":"one"}""");
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(aws.Server.Endpoint, "/endpoints/refusing/invocations"), new StringContent("wrong"));
        var body = System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(424, (int)answer.StatusCode);
        Assert.Equal(415, (int)body["OriginalStatusCode"]!);
        Assert.Equal("row 1, column age: wrong", (string?)body["OriginalMessage"]);
        using var large = await http.PostAsync(new Uri(aws.Server.Endpoint, "/endpoints/refusing/invocations"), new ByteArrayContent(new byte[(6 << 20) + 1]));
        Assert.True((int)large.StatusCode == 413, await large.Content.ReadAsStringAsync());
        var variant = await Assert.ThrowsAsync<AwsException>(() => aws.Aws.Send(new InvokeEndpoint("refusing", "x"u8.ToArray(), TargetVariant: "Other")));
        Assert.Equal("ValidationError", variant.Code);
    }

    [Fact]
    public async Task Traffic_follows_the_variants_weights_and_a_deleted_endpoint_is_gone()
    {
        await Model("heavy", """{"version":"heavy"}""");
        await Model("light", """{"version":"light"}""");
        await aws.Aws.Send(new CreateEndpointConfig("weighted", [
            new("Heavy", "heavy", 1, "ml.m5.large", 3), new("Light", "light", 2, "ml.m5.large", 1)]));
        await aws.Aws.Send(new CreateEndpoint("weighted", "weighted"));
        await Settled("weighted");
        Assert.InRange(await Share("weighted", "heavy"), 70, 80);
        Assert.Equal("light:x", Text(await aws.Aws.Send(new InvokeEndpoint("weighted", "x"u8.ToArray(), TargetVariant: "Light"))));

        await aws.Aws.Send(new UpdateEndpointWeightsAndCapacities("weighted", [new("Heavy", 0), new("Light", 1, 1)]));
        var state = await Settled("weighted");
        Assert.Equal([0f, 1f], state.ProductionVariants!.Select(v => v.CurrentWeight!.Value));
        Assert.Equal(0, await Share("weighted", "heavy"));

        await Delete("weighted");
        await Assert.ThrowsAsync<AwsException>(() => aws.Aws.Send(new DescribeEndpoint("weighted")));
    }

    [Fact]
    public async Task A_client_that_sends_slowly_holds_up_no_deletion()
    {
        await Deploy("slow", """{"version":"one"}""");
        using var client = new TcpClient();
        await client.ConnectAsync(aws.Server.Endpoint.Host, aws.Server.Endpoint.Port);
        var stream = client.GetStream();
        await stream.WriteAsync("POST /endpoints/slow/invocations HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        // the server says so when it begins to read the body
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync(Patience.Token().Token));
        await stream.WriteAsync("1"u8.ToArray());
        await Delete("slow");
        await stream.WriteAsync("2"u8.ToArray());
        Assert.Contains("Endpoint slow of account 000000000000 not found.", await reader.ReadToEndAsync(Patience.Token().Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_restart_endpoints_serve_again_and_an_update_under_way_goes_on()
    {
        await Deploy("stays", """{"version":"one"}""");
        await Deploy("moves", """{"version":"one"}""");
        await Configure("moves-on", """{"version":"two"}""");
        await aws.Aws.Send(new UpdateEndpoint("moves", "moves-on"));
        await aws.Restart();
        Assert.Equal("one:x", Text(await aws.Aws.Send(new InvokeEndpoint("stays", "x"u8.ToArray()))));
        var state = await Settled("moves");
        Assert.True(state.FailureReason is null, state.FailureReason);
        Assert.Equal((EndpointStatus.InService, "moves-on"), (state.EndpointStatus, state.EndpointConfigName));
        Assert.Equal("two:x", Text(await aws.Aws.Send(new InvokeEndpoint("moves", "x"u8.ToArray()))));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/outside")]
    public async Task An_archive_that_leaves_its_folder_is_refused(string name)
    {
        var endpoint = "archive" + Math.Abs(name.GetHashCode(StringComparison.Ordinal));
        await Configure(endpoint, """{"version":"one"}""", (name, "x"));
        await aws.Aws.Send(new CreateEndpoint(endpoint, endpoint));
        var state = await Settled(endpoint);
        Assert.Equal(EndpointStatus.Failed, state.EndpointStatus);
        Assert.Contains($"'{name}' leaves the archive's folder", state.FailureReason, StringComparison.Ordinal);
    }

    private static string Text(InvokeEndpoint.Response answer) => Encoding.UTF8.GetString(answer.Body);

    private async Task<int> Share(string endpoint, string version)
    {
        var count = 0;
        for (var i = 0; i < 100; i++)
        {
            count += Text(await aws.Aws.Send(new InvokeEndpoint(endpoint, "x"u8.ToArray()))) == version + ":x" ? 1 : 0;
        }

        return count;
    }

    private async Task Deploy(string name, string model, EndpointStatus expected = EndpointStatus.InService)
    {
        await Configure(name, model);
        await aws.Aws.Send(new CreateEndpoint(name, name));
        var state = await Settled(name);
        Assert.True(state.EndpointStatus == expected, state.ToString());
    }

    private async Task Delete(string endpoint)
    {
        var arn = "arn:aws:sagemaker:us-east-1:000000000000:endpoint/" + endpoint;
        await aws.Aws.Send(new DeleteEndpoint(endpoint));
        await Changed(arn, () => aws.Server.Part<EndpointTable>().Find(endpoint) is null);
    }

    private async Task Configure(string name, string model, params (string Name, string Text)[] files)
    {
        await Model(name, model, files);
        await aws.Aws.Send(new CreateEndpointConfig(name, [new("AllTraffic", name, 1, "ml.m5.large", 1)]));
    }

    private async Task Model(string name, string model, params (string Name, string Text)[] files)
    {
        Assert.SkipUnless(Command.Find("node") is not null, "node is not on this machine");
        if (aws.Server.Part<Buckets>().Find("models") is null)
        {
            aws.Server.Part<Buckets>().Create("models", "us-east-1");
        }

        using var archive = new MemoryStream();
        await using (var zip = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(zip))
        {
            (string Name, string Text)[] all = [("model.json", model), ("serve.mjs", await File.ReadAllTextAsync(Server)), .. files];
            foreach (var (file, text) in all)
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, file) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            }
        }

        archive.Position = 0;
        await aws.Server.Part<ObjectStore>().Put("models", name + ".tar.gz", archive);
        await aws.Aws.Send(new CreateModel(name, aws.RoleArn, new(Image: Image, ModelDataUrl: $"s3://models/{name}.tar.gz")));
    }

    private async Task<DescribeEndpoint.Response> Settled(string endpoint)
    {
        var arn = "arn:aws:sagemaker:us-east-1:000000000000:endpoint/" + endpoint;
        await Changed(arn, () => aws.Server.Part<EndpointTable>().Find(endpoint)!.IsSettled);
        return await aws.Aws.Send(new DescribeEndpoint(endpoint));
    }

    private Task Changed(string arn, Func<bool> reached) => aws.Changed(arn, () => Task.FromResult(reached()), so => so);
}
