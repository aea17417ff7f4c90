using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>A Python process that samples the same request with caches of its own.</summary>
internal sealed class RivalProcess : IDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly PythonProcess _process;

    private RivalProcess(string python, DirectoryInfo folder)
    {
        _folder = folder;
        _process = PythonProcess.Start(python, "dit_caching.py", SampleNetwork.Path, folder.FullName);
        Versions = _process.Answer();
    }

    /// <summary>PyTorch's version and its number of threads.</summary>
    public string Versions { get; }

    /// <summary>Starts one for the request that a sampler is asked for, or says why there is none.</summary>
    public static RivalProcess? TryStart(Sampler sampler, Conditioning condition, out string reason)
    {
        if (PythonProcess.Find(out reason) is not { } python)
        {
            return null;
        }

        var folder = Directory.CreateTempSubdirectory("rivals-benchmark-");
        using var session = sampler.Start(new() { Condition = condition, Seed = 1 });
        var grid = sampler.Stages[0].Grid;
        using var dense = session.Latents.contiguous();
        File.WriteAllBytes(Path.Combine(folder.FullName, "latents.f32"), MemoryMarshal.AsBytes(dense.data<float>().ToArray().AsSpan()).ToArray());
        File.WriteAllText(Path.Combine(folder.FullName, "request.json"), JsonSerializer.Serialize(new
        {
            shape = dense.shape,
            labels = condition["labels"].data<long>().ToArray(),
            none = sampler.Denoiser.Info.Classes,
            scale = Settings.GuidanceScale,
            points = grid.Points.Zip(grid.Targets, (at, to) => new[] { at.Time, at.Alpha, at.Sigma, to.Alpha, to.Sigma }),
        }));
        return new(python, folder);
    }

    /// <summary>Milliseconds of a request, and the steps that were computed.</summary>
    public (double Milliseconds, int Computed) Run(string rule)
    {
        var answer = _process.Ask(rule).Split(' ');
        return (double.Parse(answer[0], CultureInfo.InvariantCulture), int.Parse(answer[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Largest difference of the last request's pictures from others, in [0, 1].</summary>
    public double Difference(Tensor pictures)
    {
        var bytes = File.ReadAllBytes(Path.Combine(_folder.FullName, "final.f32"));
        using var scope = NewDisposeScope();
        var other = (tensor(MemoryMarshal.Cast<byte, float>(bytes).ToArray()).view(pictures.shape).clamp(-1, 1) + 1) / 2;
        return (pictures - other).abs().max().item<float>();
    }

    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
