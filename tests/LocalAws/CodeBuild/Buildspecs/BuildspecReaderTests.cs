using Slipway.LocalAws.CodeBuild.Buildspecs;

namespace Slipway.Tests.LocalAws.CodeBuild.Buildspecs;

/// <summary>Buildspecs, and what is said of those that have a mistake.</summary>
public sealed class BuildspecReaderTests
{
    private const string Minimal = "version: 0.2\nphases:\n  build:\n    commands:\n      - make\n";

    [Fact]
    public void Every_part_is_read()
    {
        var spec = BuildspecReader.Read("""
            version: 0.2
            env:
              shell: bash
              variables:
                NUMBER: 3.10
                EMPTY:
              parameter-store: {SECRET: /a/b}
              exported-variables: [NUMBER]
              git-credential-helper: yes
            phases:
              install:
                on-failure: CONTINUE
                runtime-versions:
                  python: 3.10
              build:
                commands:
                  - |
                    one
                    two
                  - "echo a: b"
                finally: [last]
            artifacts:
              files: ['**/*']
              name: x-$(date)
              discard-paths: yes
              base-directory: out*
              exclude-paths: [a]
              secondary-artifacts:
                More: {files: [b]}
            cache:
              paths: ['/root/.nuget/**/*']
            """);
        Assert.Equal(("bash", "3.10", "", "/a/b", true), (spec.Shell, spec.Variables["NUMBER"], spec.Variables["EMPTY"], spec.ParameterStore["SECRET"], spec.GitCredentialHelper));
        Assert.Equal("3.10", spec.RuntimeVersions["python"]);
        Assert.Equal(["one\ntwo\n", "echo a: b"], spec.Phases["BUILD"].Commands);
        Assert.Equal(["last"], spec.Phases["BUILD"].Finally);
        Assert.Equal("CONTINUE", spec.Phases["INSTALL"].OnFailure);
        Assert.Equal(("x-$(date)", true, "out*"), (spec.Artifacts[""].Name, spec.Artifacts[""].DiscardPaths, spec.Artifacts[""].BaseDirectory));
        Assert.Equal(["b"], spec.Artifacts["More"].Files);
        Assert.Equal(["/root/.nuget/**/*"], spec.CachePaths);
    }

    [Fact]
    public void A_buildspec_takes_no_more_time_and_memory_than_its_length_allows()
    {
        var deep = $"version: 0.2\nphases: {new string('[', 100_000)}";
        Assert.Contains("nested more than 32 levels", Assert.Throws<BuildspecException>(() => BuildspecReader.Read(deep)).Message, StringComparison.Ordinal);
        var doubled = "version: 0.2\na0: &a0 {k: v}\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"a{i}: &a{i}\n  <<: [*a{i - 1}, *a{i - 1}]\n"));
        Assert.Contains("'a0' is unknown", Assert.Throws<BuildspecException>(() => BuildspecReader.Read(doubled)).Message, StringComparison.Ordinal);
        Assert.Contains("no anchor a before it", Assert.Throws<BuildspecException>(() => BuildspecReader.Read("version: &a [*a]\n")).Message, StringComparison.Ordinal);
        Assert.Contains("a key must be a text", Assert.Throws<BuildspecException>(() => BuildspecReader.Read("? &a [x]\n: y\n")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_anchors_and_merges_are_yaml_too()
    {
        Assert.Equal(["make"], BuildspecReader.Read("""{"version": "0.2", "phases": {"build": {"commands": ["make"]}}}""").Phases["BUILD"].Commands);
        Assert.Equal(["make"], BuildspecReader.Read("version: 0.2\nphases:\n  install: &same\n    commands: [make]\n  build:\n    <<: *same\n").Phases["BUILD"].Commands);
    }

    [Theory]
    [InlineData("", "the buildspec is empty")]
    [InlineData("just text", "line 1: the buildspec must be a mapping")]
    [InlineData("- a\n- b\n", "line 1: the buildspec must be a mapping")]
    [InlineData("version: 0.2\n---\nversion: 0.2\n", "more than one YAML document")]
    [InlineData("phases:\n  build:\n    commands: [x]\n", "line 1: version is missing")]
    [InlineData("version: 0.1\nphases:\n  build:\n    commands: [x]\n", "line 1, key version: version 0.1 is not supported")]
    [InlineData("version: 0.2\nphases: []\n", "line 2, key phases: phases must be a mapping")]
    [InlineData("version: 0.2\nphases:\n  compile:\n    commands: [x]\n", "line 3, key phases.compile: 'compile' is unknown; the keys here are install, pre_build, build, post_build")]
    [InlineData("version: 0.2\nphases:\n  build: {}\n", "line 3, key phases.build: it has no commands")]
    [InlineData("version: 0.2\nphases:\n  build:\n", "line 3, key phases.build: the phase must be a mapping")]
    [InlineData("version: 0.2\nphases:\n  build:\n    commands: make\n", "line 4, key phases.build.commands: a list of commands is expected")]
    [InlineData("version: 0.2\nphases:\n  build:\n    commands: []\n", "line 4, key phases.build.commands: it has no command")]
    [InlineData("version: 0.2\nphases:\n  build:\n    commands: [x]\n    commands: [y]\n", "line 5")]
    [InlineData("version: 0.2\nphases:\n\tbuild:\n", "isn't YAML: line 3, column 1: a tab")]
    [InlineData("version: 0.2\nphases:\n  build:\n    on-failure: RETRY-3\n    commands: [x]\n", "line 4, key phases.build.on-failure: local AWS does not support RETRY-3")]
    [InlineData("version: 0.2\nphases:\n  build:\n    runtime-versions: {dotnet: 8}\n    commands: [x]\n", "line 4, key phases.build.runtime-versions: 'runtime-versions' is unknown")]
    [InlineData(Minimal + "reports:\n  x: {files: [y]}\n", "line 6, key reports: local AWS does not support reports")]
    [InlineData(Minimal + "run-as: me\n", "line 6, key run-as: local AWS does not support run-as")]
    [InlineData(Minimal + "artifacts:\n  files: []\n", "line 7, key artifacts.files: a list of texts is expected, and at least one")]
    [InlineData(Minimal + "artifacts:\n  files: [x]\n  discard-paths: maybe\n", "line 8, key artifacts.discard-paths: 'maybe' must be yes or no")]
    [InlineData(Minimal + "artifacts:\n  files: [x]\n  enable-symlinks: yes\n", "line 8, key artifacts.enable-symlinks: local AWS does not support")]
    [InlineData(Minimal + "cache:\n  key: x\n  paths: [x]\n", "line 7, key cache.key: local AWS does not support key")]
    [InlineData(Minimal + "env:\n  exported-variables: ['A B']\n", "line 7, key env.exported-variables: 'A B' is no name of a variable")]
    public void A_mistake_is_told_with_its_line_and_its_key(string text, string message) =>
        Assert.Contains(message, Assert.Throws<BuildspecException>(() => BuildspecReader.Read(text)).Message, StringComparison.Ordinal);
}
