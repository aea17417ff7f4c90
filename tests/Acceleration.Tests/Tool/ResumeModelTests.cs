using Acceleration.Tests.Models;
using Acceleration.Tool;
using SkiaSharp;

namespace Acceleration.Tests.Tool;

/// <summary><c>generate --resume</c> and <c>--previews</c> on whole models.</summary>
public sealed class ResumeModelTests : ToolTest
{
    [Theory]
    [InlineData("sd15", "32x32")]
    [InlineData("latte", "32x32x4")]
    [InlineData("wan", "32x48x9")]
    public void AStoppedCommandIsGoneOnWithBitForBit(string family, string size)
    {
        var model = TinyModel.Write(PathOf("."), family);
        string[] command = ["generate", model, "--prompt", "a red coat", "--prompt", "two shoes", "--count", "2", "--size", size, "--steps", "6", "--plan", "EC0.05", "--seed", "7", "--batch", "2", "--previews", "2", "--resume", "-o"];
        var (code, _, wrong) = Run([.. command, PathOf("whole")]);
        Assert.True(code == 0, wrong);
        using var output = new StringWriter();
        using var error = new StringWriter();
        Directory.CreateDirectory(PathOf("stopped"));
        var stops = 0;
        do
        {
            using var stop = new CancellationTokenSource();
            using var watcher = new FileSystemWatcher(PathOf("stopped"), "unfinished-*.safetensors");
            watcher.Renamed += (_, _) => stop.Cancel();
            watcher.EnableRaisingEvents = true;
            code = AccelerationCommand.Run([.. command, PathOf("stopped")], output, error, stop.Token);
            stops += code == 130 ? 1 : 0;
        }
        while (code == 130 && stops < 20);

        Assert.Equal(0, code);
        Assert.True(stops >= 1);
        Assert.Equal(FilesOf("whole"), FilesOf("stopped"));
        Assert.All(FilesOf("whole").Where(f => f != "generate.json"), f => Assert.Equal(File.ReadAllBytes(Path.Combine(PathOf("whole"), f)), File.ReadAllBytes(Path.Combine(PathOf("stopped"), f))));
        var (whole, resumed) = (Json(File.ReadAllText(PathOf("whole/generate.json"))), Json(File.ReadAllText(PathOf("stopped/generate.json"))));
        foreach (var property in new[] { "request", "sampler", "complete", "asked", "evaluations", "fullEvaluations", "multiplyAdds", "fullMultiplyAdds", "pictures", "previews" })
        {
            Assert.Equal(whole.GetProperty(property).ToString(), resumed.GetProperty(property).ToString());
        }
    }

    [Fact]
    public void PreviewsAreDecoded()
    {
        Assert.Equal(0, Run("generate", TinyModel.Write(PathOf("."), "sd15"), "--prompt", "a coat", "--count", "2", "--size", "32x48", "--steps", "4", "--batch", "2", "--previews", "2", "-o", PathOf("out")).Code);
        Assert.Equal(["000-step002.png", "000-step004.png"], Directory.GetFiles(PathOf("out/previews")).Select(Path.GetFileName).Order());
        using (var picture = SKBitmap.Decode(PathOf("out/previews/000-step002.png")))
        {
            Assert.Equal((65, 48), (picture.Width, picture.Height));
        }

        Assert.Equal(0, Run("generate", TinyModel.Write(PathOf("."), "latte"), "--prompt", "a coat", "--size", "32x32x4", "--steps", "2", "--previews", "1", "-o", PathOf("film")).Code);
        using var film = SKBitmap.Decode(PathOf("film/previews/000-step001.png"));
        Assert.Equal(((4 * 33) - 1, 32), (film.Width, film.Height));
    }

    [Fact]
    public void AnotherRequestIsRefused()
    {
        var model = TinyModel.Write(PathOf("."), "sd15");
        string[] command = ["generate", model, "--size", "32x32", "--steps", "2", "-o", PathOf("out"), "--resume"];
        Assert.Equal(0, Run([.. command, "--prompt", "a red coat"]).Code);
        var (code, output, _) = Run([.. command, "--prompt", "a red coat"]);
        Assert.Equal(0, code);
        Assert.Contains("1 of 1 of 32×32", output, StringComparison.Ordinal);
        Refused("holds what another command made (", [.. command, "--prompt", "a blue coat"]);
        Refused("\u201ca red coat\u201d, 32×32, ", [.. command, "--prompt", "a blue coat"]);
        foreach (var other in new[] { ["--seed", "4"], ["--negative", "a shoe"], ["--guidance", "3"], ["--plan", "IF2"], ["--count", "2"], new[] { "--clip-skip", "1" } })
        {
            Refused("holds what another command made", [.. command, "--prompt", "a red coat", .. other]);
        }

        var changed = Path.Combine(model, "unet", "diffusion_pytorch_model.safetensors");
        var bytes = File.ReadAllBytes(changed);
        bytes[^1] ^= 1;
        File.WriteAllBytes(changed, bytes);
        Refused("holds what another command made", [.. command, "--prompt", "a red coat"]);
        Refused("is no report of generate", "generate", Tiny, "--labels", "0", "--steps", "2", "-o", PathOf("out"), "--resume");
    }

    [Fact]
    public void ADamagedSessionIsNamed()
    {
        string[] command = ["generate", TinyModel.Write(PathOf("."), "sd15"), "--prompt", "a red coat", "--size", "32x32", "--steps", "2", "-o", PathOf("out"), "--resume"];
        Assert.Equal(0, Run(command).Code);
        var report = File.ReadAllText(PathOf("out/generate.json"));
        File.WriteAllText(PathOf("out/generate.json"), report[..report.IndexOf("\"pictures\"", StringComparison.Ordinal)] + "\"pictures\": [], \"previews\": [] }");
        File.WriteAllBytes(PathOf("out/unfinished-000.safetensors"), [1, 2, 3]);
        Refused("unfinished-000.safetensors", command);
    }

    private string[] FilesOf(string folder) =>
        [.. Directory.EnumerateFiles(PathOf(folder), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(PathOf(folder), f)).Order(StringComparer.Ordinal)];
}
