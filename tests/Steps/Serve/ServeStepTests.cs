using System.Diagnostics;
using System.Net.Sockets;
using Slipway.Steps.StepHost;
using Slipway.Tests.Steps.Train;

namespace Slipway.Tests.Steps.Serve;

/// <summary>The worker as its own process, as an endpoint runs it.</summary>
public sealed class ServeStepTests
{
    [Fact]
    public async Task The_worker_serves_until_SIGTERM_and_answers_what_is_under_way()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM");
        using var training = await TrainingRun.TrainedAsync(TrainingRun.Sample(500));
        using var worker = Start(training.Run.Root, "0");
        var address = new Uri((await worker.StandardOutput.ReadLineAsync())!.Replace("Listening on ", "", StringComparison.Ordinal));
        Assert.Equal("127.0.0.1", address.Host);
        using var http = new HttpClient { BaseAddress = address };
        Assert.True((await http.GetAsync(new Uri("/ping", UriKind.Relative))).IsSuccessStatusCode);

        // A request of which the server has the head and half of the body when the signal comes.
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("POST /invocations HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\nExpect: 100-continue\r\nContent-Length: 17\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync());
        await stream.WriteAsync("25,1,0,"u8.ToArray());
        Assert.Equal(0, Process.Start("kill", ["-TERM", $"{worker.Id}"]) is { } kill ? await Exit(kill) : -1);
        await RefusesConnections(address);
        await stream.WriteAsync("1,0,0,1,1\n"u8.ToArray());

        Assert.Equal("", await reader.ReadLineAsync());
        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync());
        Assert.Equal(0, await Exit(worker));
    }

    [Fact]
    public async Task The_worker_answers_one_row_and_more_than_the_thread_that_reads_requests_predicts_itself()
    {
        using var training = await TrainingRun.TrainedAsync(TrainingRun.Sample(500));
        using var worker = Start(training.Run.Root, "0");
        using var http = new HttpClient { BaseAddress = new Uri((await worker.StandardOutput.ReadLineAsync())!.Replace("Listening on ", "", StringComparison.Ordinal)) };
        foreach (var rows in new[] { 1, 5000 })
        {
            using var content = new StringContent(string.Concat(Enumerable.Repeat("25,1,0,1,0,0,1,1\n", rows)), System.Text.Encoding.UTF8, "text/csv");
            using var answer = await http.PostAsync(new Uri("/invocations", UriKind.Relative), content);
            Assert.Equal(rows, (await answer.Content.ReadAsStringAsync()).Count(c => c == '\n'));
        }

        worker.Kill();
        await Exit(worker);
    }

    [Theory]
    [InlineData("model.txt", null, "serve failed: The model has no model.txt: ")]
    [InlineData("encoder.json", "{}", "serve failed: encoder.json is not an encoder of version 1.")]
    [InlineData("model.txt", "tree", "serve failed: model.txt, the head: version is missing.")]
    public async Task A_model_that_is_missing_or_damaged_ends_the_worker_with_one_line(string file, string? content, string reason)
    {
        using var training = await TrainingRun.TrainedAsync(TrainingRun.Sample(500), hyperparameters: new { num_boost_round = "2" });
        var path = Path.Combine(training.ModelFolder, file);
        File.Delete(path);
        if (content is not null)
        {
            await File.WriteAllTextAsync(path, content);
        }

        using var worker = Start(training.Run.Root, "0");
        var error = await worker.StandardError.ReadToEndAsync();

        Assert.Equal(1, await Exit(worker));
        Assert.StartsWith(reason, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_port_in_use_or_out_of_range_is_a_clear_error()
    {
        using var training = await TrainingRun.TrainedAsync(TrainingRun.Sample(500), hyperparameters: new { num_boost_round = "2" });
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        training.Run.Variables["SLIPWAY_BIND_LOOPBACK"] = "1";
        foreach (var (value, reason) in new[]
        {
            ($"{port}", $"serve failed: Can't listen on 127.0.0.1:{port}: "),
            ("http", "serve failed: SAGEMAKER_BIND_TO_PORT must be a port, 0 to 65535; it is 'http'."),
        })
        {
            training.Run.Variables["SAGEMAKER_BIND_TO_PORT"] = value;
            Assert.Equal(1, await training.Run.RunAsync("serve"));
            Assert.Contains(reason, training.Run.Error, StringComparison.Ordinal);
        }
    }

    private static Process Start(string root, string port)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Host).Assembly.Location, "serve"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["SLIPWAY_ML_ROOT"] = root;
        start.Environment["SAGEMAKER_BIND_TO_PORT"] = port;
        start.Environment["SLIPWAY_BIND_LOOPBACK"] = "1";
        return Process.Start(start)!;
    }

    // The signal has arrived once the port is closed.
    private static async Task RefusesConnections(Uri address)
    {
        using var late = Patience.Token();
        while (!late.IsCancellationRequested)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(address.Host, address.Port, late.Token);
            }
            catch (SocketException)
            {
                return;
            }
        }
        Assert.Fail("the server goes on listening after SIGTERM");
    }

    private static async Task<int> Exit(Process process)
    {
        using var late = Patience.Token();
        await process.WaitForExitAsync(late.Token);
        return process.ExitCode;
    }
}
