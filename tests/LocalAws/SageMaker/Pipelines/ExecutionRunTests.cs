using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;
using Slipway.LocalAws.SageMaker.Pipelines.Steps;

namespace Slipway.Tests.LocalAws.SageMaker.Pipelines;

/// <summary>The executor's loop with steps whose end the test decides, on a database of its own.</summary>
public sealed class ExecutionRunTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;
    private readonly TimerLog _time = new();
    private readonly ProbeStep _probe = new();
    private readonly Parts _parts;
    private readonly ExecutionStore _store;

    public ExecutionRunTests()
    {
        _parts = new Parts(new LocalAwsOptions { DataDirectory = _folder, Time = _time }, _time);
        _store = _parts.Get<ExecutionStore>();
    }

    [Fact]
    public async Task Steps_that_do_not_depend_on_each_other_run_side_by_side_up_to_the_parallelism()
    {
        var definition = Definition(Step("A"), Step("B"), Step("C"), Step("D", needs: ["A"]));
        var (run, end) = Start("one", definition, parallel: 2);
        await _probe.Started(2);
        Assert.Equal(["A", "B"], _probe.Attempts.Select(a => a.Step.Name).Order());
        _probe.Succeed("A");
        await _probe.Started(1);
        Assert.Equal("C", _probe.Attempts.Last().Step.Name);
        _probe.Succeed("B");
        await _probe.Started(1);
        Assert.Equal("D", _probe.Attempts.Last().Step.Name);
        _probe.Succeed("C");
        _probe.Succeed("D");
        await end.WaitAsync(Patience.Limit);
        Assert.Equal(PipelineExecutionStatus.Succeeded, _store.Find("one")!.Status);
        Assert.Equal(2, _probe.Most);
        run.Dispose();
    }

    [Fact]
    public async Task A_parallelism_that_is_raised_while_it_runs_starts_more_steps()
    {
        var (run, end) = Start("one", Definition(Step("A"), Step("B")), parallel: 1);
        await _probe.Started(1);
        _store.Change("one", row => row with { Facts = row.Facts with { Parallelism = new(2) } });
        run.Wake();
        await _probe.Started(1);
        _probe.Succeed("A");
        _probe.Succeed("B");
        await end.WaitAsync(Patience.Limit);
        Assert.Equal(2, _probe.Most);
        run.Dispose();
    }

    [Fact]
    public async Task What_runs_when_a_step_fails_runs_to_its_end_and_nothing_follows_it()
    {
        var (run, end) = Start("one", Definition(Step("A"), Step("B"), Step("C", needs: ["B"])));
        await _probe.Started(2);
        _probe.End("A", StepResult.Failed("out of luck"));
        // C may start where B's end is seen first
        await Patience.Until(() => Task.FromResult(_store.Steps("one").Exists(s => s.Status == StepStatus.Failed)));
        _probe.Succeed("B");
        await end.WaitAsync(Patience.Limit);
        var row = _store.Find("one")!;
        Assert.Equal(PipelineExecutionStatus.Failed, row.Status);
        Assert.Equal("Step failure: One or multiple steps failed. A: out of luck", row.FailureReason);
        Assert.Equal([("A", StepStatus.Failed), ("B", StepStatus.Succeeded)], _store.Steps("one").Select(s => (s.Name, s.Status)).Order());
        run.Dispose();
    }

    [Fact]
    public async Task A_stop_stops_what_runs_and_starts_nothing_more()
    {
        var (run, end) = Start("one", Definition(Step("A"), Step("B", needs: ["A"])));
        await _probe.Started(1);
        _store.Change("one", row => row with { Status = PipelineExecutionStatus.Stopping });
        run.Wake();
        await end.WaitAsync(Patience.Limit);
        Assert.Equal(PipelineExecutionStatus.Stopped, _store.Find("one")!.Status);
        Assert.Equal([("A", StepStatus.Stopped)], _store.Steps("one").Select(s => (s.Name, s.Status)));
        run.Dispose();
    }

    [Fact]
    public async Task A_failure_that_a_policy_names_is_retried_after_growing_intervals_under_new_names()
    {
        var policy = new RetryPolicy(["SageMaker.JOB_INTERNAL_ERROR"], 10, 3, MaxAttempts: 2, ExpireAfterMin: null);
        var (run, end) = Start("one", Definition(Step("A") with { RetryPolicies = [policy] }));
        foreach (var seconds in new[] { 10, 30 })
        {
            await _probe.Started(1);
            _probe.End("A", StepResult.Failed("InternalServerError", exceptionType: "SageMaker.JOB_INTERNAL_ERROR"));
            Assert.Equal(TimeSpan.FromSeconds(seconds), await _time.Next());
            _time.Advance(TimeSpan.FromSeconds(seconds));
        }

        await _probe.Started(1);
        _probe.End("A", StepResult.Failed("InternalServerError again", exceptionType: "SageMaker.JOB_INTERNAL_ERROR"));
        await end.WaitAsync(Patience.Limit);
        var step = _store.Steps("one").Single();
        Assert.Equal((StepStatus.Failed, 3, "InternalServerError again"), (step.Status, step.Attempt, step.FailureReason));
        Assert.Equal(3, _probe.Attempts.Select(a => a.ResourceName(null)).Distinct().Count());
        run.Dispose();
    }

    [Fact]
    public async Task What_local_AWS_itself_fails_on_is_a_service_fault_that_a_policy_may_retry()
    {
        var policy = new RetryPolicy(["Step.SERVICE_FAULT"], 10, 1, MaxAttempts: null, ExpireAfterMin: 1);
        var (run, end) = Start("one", Definition(Step("A") with { RetryPolicies = [policy] }, Step("B")));
        await _probe.Started(2);
        _probe.Break("B", new IOException("the disk is gone"));
        _probe.Break("A", new InvalidOperationException("a mistake of local AWS's"));
        Assert.Equal(TimeSpan.FromSeconds(10), await _time.Next());
        _time.Advance(TimeSpan.FromSeconds(10));
        await _probe.Started(1);
        _probe.Succeed("A");
        await end.WaitAsync(Patience.Limit);
        var steps = _store.Steps("one").ToDictionary(s => s.Name);
        Assert.Equal((StepStatus.Succeeded, 2), (steps["A"].Status, steps["A"].Attempt));
        Assert.Equal((StepStatus.Failed, 1), (steps["B"].Status, steps["B"].Attempt));
        Assert.StartsWith("InternalServerError: The data directory", steps["B"].FailureReason, StringComparison.Ordinal);
        Assert.Contains("attempt 1 failed (Step.SERVICE_FAULT): InternalServerError: local AWS failed on this step", await File.ReadAllTextAsync(Path.Combine(_folder, "server.log"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        run.Dispose();
    }

    [Fact]
    public async Task A_failure_that_no_policy_names_is_not_retried()
    {
        var policy = new RetryPolicy(["Step.THROTTLING"], 10, 2, MaxAttempts: 2, ExpireAfterMin: null);
        var (run, end) = Start("one", Definition(Step("A") with { RetryPolicies = [policy] }));
        await _probe.Started(1);
        _probe.End("A", StepResult.Failed("AlgorithmError"));
        await end.WaitAsync(Patience.Limit);
        Assert.Equal((StepStatus.Failed, 1), (_store.Steps("one").Single().Status, _store.Steps("one").Single().Attempt));
        run.Dispose();
    }

    [Fact]
    public async Task A_stop_ends_the_wait_for_the_next_attempt()
    {
        var policy = new RetryPolicy(["Step.THROTTLING"], 3600, 1, MaxAttempts: null, ExpireAfterMin: 600);
        var (run, end) = Start("one", Definition(Step("A") with { RetryPolicies = [policy] }));
        await _probe.Started(1);
        _probe.End("A", StepResult.Failed("slow down", exceptionType: "Step.THROTTLING"));
        await _time.Next();
        _store.Change("one", row => row with { Status = PipelineExecutionStatus.Stopping });
        run.Wake();
        await end.WaitAsync(Patience.Limit);
        Assert.Equal(StepStatus.Stopped, _store.Steps("one").Single().Status);
        run.Dispose();
    }

    [Fact]
    public async Task A_clock_that_goes_back_before_a_restart_does_not_make_a_retry_wait_for_it()
    {
        var definition = Definition(Step("A") with { RetryPolicies = [new(["Step.THROTTLING"], 10, 3, MaxAttempts: 2, ExpireAfterMin: null)] });
        using var crash = new CancellationTokenSource();
        var (run, end) = Start("one", definition, shutdown: crash.Token);
        await _probe.Started(1);
        _probe.End("A", StepResult.Failed("slow down", exceptionType: "Step.THROTTLING"));
        Assert.Equal(TimeSpan.FromSeconds(10), await _time.Next());
        await crash.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => end);
        run.Dispose();
        _time.AdjustTime(_time.GetUtcNow().AddYears(-2));
        var (again, finished) = Continue("one", definition);
        Assert.Equal(TimeSpan.FromSeconds(10), await _time.Next());
        _time.Advance(TimeSpan.FromSeconds(10));
        await _probe.Started(1);
        _probe.Succeed("A", "at last");
        await finished.WaitAsync(Patience.Limit);
        Assert.Equal(PipelineExecutionStatus.Succeeded, _store.Find("one")!.Status);
        again.Dispose();
    }

    [Fact]
    public async Task A_step_with_equal_arguments_takes_over_the_result_of_an_earlier_execution_until_it_expires()
    {
        var cached = Definition(Step("A", """{"Input":{"Get":"Parameters.In"},"Machine":"small"}""") with { Cache = new(TimeSpan.FromHours(1)) }, Step("B", """{"Input":{"Get":"Steps.A.Text"}}""", ["A"]));
        await RunToEnd("first", cached, "x", ran: ["A", "B"]);
        await RunToEnd("second", cached, "x", ran: ["B"]);
        Assert.Equal("arn/first", _store.Steps("second")[0].CacheSource);
        Assert.Equal("""{"Input":"answer of first"}""", _probe.Attempts.Last().Arguments.GetRawText());
        var other = Definition(Step("A", """{"Input":{"Get":"Parameters.In"},"Machine":"large"}""") with { Cache = new(TimeSpan.FromHours(1)) });
        await RunToEnd("third", other, "x", ran: []);
        await RunToEnd("fourth", other, "y", ran: ["A"]);
        _time.Advance(TimeSpan.FromHours(2));
        await RunToEnd("fifth", other, "x", ran: ["A"]);
    }

    [Fact]
    public async Task After_a_crash_what_is_done_stays_done_and_what_ran_is_taken_up_under_its_name()
    {
        var definition = Definition(Step("A"), Step("B", """{"Input":{"Get":"Execution.CurrentDateTime"}}""", ["A"]), Step("C", needs: ["B"]));
        using var crash = new CancellationTokenSource();
        var (run, end) = Start("one", definition, shutdown: crash.Token);
        await _probe.Started(1);
        _probe.Succeed("A");
        await _probe.Started(1);
        var before = _probe.Attempts.Last();
        await crash.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => end);
        run.Dispose();

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(["one"], _store.Unfinished());
        var (again, finished) = Continue("one", definition);
        await _probe.Started(1);
        var after = _probe.Attempts.Last();
        Assert.Equal(("B", true, before.ResourceName(null)), (after.Step.Name, after.IsResumed, after.ResourceName(null)));
        Assert.Equal(before.Arguments.GetRawText(), after.Arguments.GetRawText());
        Assert.False(before.IsResumed);
        _probe.Succeed("B");
        await _probe.Started(1);
        _probe.Succeed("C");
        await finished.WaitAsync(Patience.Limit);
        Assert.Equal(["A", "B", "B", "C"], _probe.Attempts.Select(a => a.Step.Name));
        Assert.Equal(PipelineExecutionStatus.Succeeded, _store.Find("one")!.Status);
        again.Dispose();
    }

    [Fact]
    public async Task A_stop_that_was_asked_for_before_a_crash_is_carried_out_after_it()
    {
        using var crash = new CancellationTokenSource();
        var (run, end) = Start("one", Definition(Step("A"), Step("B")), shutdown: crash.Token);
        await _probe.Started(2);
        await crash.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => end);
        run.Dispose();
        _store.Change("one", row => row with { Status = PipelineExecutionStatus.Stopping });
        var (again, finished) = Continue("one", Definition(Step("A"), Step("B")));
        await finished.WaitAsync(Patience.Limit);
        Assert.Equal(PipelineExecutionStatus.Stopped, _store.Find("one")!.Status);
        Assert.All(_store.Steps("one"), s => Assert.Equal(StepStatus.Stopped, s.Status));
        again.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _parts.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static PipelineDefinition Definition(params IReadOnlyList<PipelineStep> steps) => new([new("In", ValueKind.String, null, [])], null, steps);

    private PipelineStep Step(string name, string arguments = "{}", params IReadOnlyList<string> needs) => new()
    {
        Name = name, Type = _probe, Where = name, Arguments = JsonSerializer.Deserialize<JsonElement>(arguments), DependsOn = needs, Needs = needs.ToHashSet(),
    };

    private async Task RunToEnd(string id, PipelineDefinition definition, string input, IReadOnlyList<string> ran)
    {
        var earlier = _probe.Attempts.Count;
        var (run, end) = Start(id, definition, input: input);
        foreach (var name in ran)
        {
            await _probe.Started(1);
            _probe.Succeed(name, $"answer of {id}");
        }

        await end.WaitAsync(Patience.Limit);
        Assert.Equal(PipelineExecutionStatus.Succeeded, _store.Find(id)!.Status);
        Assert.Equal(ran, _probe.Attempts.Skip(earlier).Select(a => a.Step.Name));
        run.Dispose();
    }

    private (ExecutionRun Run, Task End) Start(string id, PipelineDefinition definition, int? parallel = null, string input = "", CancellationToken shutdown = default)
    {
        var facts = new ExecutionFacts("arn", $"arn/{id}", "us-east-1", [new("In", input)], Parallelism: parallel is { } most ? new(most) : null);
        var now = _time.GetUtcNow();
        _store.Insert(new(id, "pipeline", 1, PipelineExecutionStatus.Executing, now, now, 1, null, facts));
        return Continue(id, definition, shutdown);
    }

    private (ExecutionRun Run, Task End) Continue(string id, PipelineDefinition definition, CancellationToken shutdown = default)
    {
        var row = _store.Find(id)!;
        var run = new ExecutionRun(row, definition, _store, _parts.Get<StepRunner>(), new Scope(row, definition, _parts.Get<PropertyFiles>(), _time), _time);
        return (run, Task.Run(() => run.Run(shutdown)));
    }

    /// <summary>A clock that the test turns, and that tells which timers were set.</summary>
    private sealed class TimerLog : FakeTimeProvider
    {
        private readonly ConcurrentQueue<TimeSpan> _due = new();
        private readonly SemaphoreSlim _set = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _due.Enqueue(dueTime);
            _set.Release();
            return timer;
        }

        public async Task<TimeSpan> Next()
        {
            Assert.True(await _set.WaitAsync(Patience.Limit), "no timer was set");
            return _due.TryDequeue(out var due) ? due : throw new InvalidOperationException("no timer");
        }
    }
}
