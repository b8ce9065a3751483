using System.Runtime.Versioning;
using Slipway.LocalAws.Containers;

namespace Slipway.Tests.LocalAws.Containers;

/// <summary>What is left of jobs and builds.</summary>
public sealed class FoldersTests
{
    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_folder_goes_with_what_is_write_protected_in_it_and_leaves_what_links_lead_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a mode is Unix's");
        var all = Directory.CreateTempSubdirectory("slipway-folders-").FullName;
        var job = Directory.CreateDirectory(Path.Combine(all, "job")).FullName;
        var elsewhere = Directory.CreateDirectory(Path.Combine(all, "elsewhere")).FullName;
        File.WriteAllText(Path.Combine(elsewhere, "kept"), "");
        var inner = Directory.CreateDirectory(Path.Combine(job, "modules", "one")).FullName;
        File.WriteAllText(Path.Combine(inner, "file"), "");
        Directory.CreateSymbolicLink(Path.Combine(job, "link"), elsewhere);
        File.SetUnixFileMode(inner, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.SetUnixFileMode(Path.Combine(job, "modules"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Folders.Remove(job);
        Assert.Equal([elsewhere], Directory.GetDirectories(all));
        Assert.True(File.Exists(Path.Combine(elsewhere, "kept")));
        Folders.Remove(job);
        Directory.Delete(all, recursive: true);
    }
}
