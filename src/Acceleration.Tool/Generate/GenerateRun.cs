using System.Diagnostics;
using System.Text;
using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Samples batch by batch; each batch's pictures are written when it is done, so that stopping loses the running one only.</summary>
internal sealed class GenerateRun(Terminal terminal, GenerateSettings settings, Sampler sampler, long[] labels)
{
    private readonly List<GeneratedPicture> _pictures = [];
    private readonly List<string> _previews = [];
    private readonly List<Trace> _traces = [];
    private double _seconds;

    public static int Start(Terminal terminal, GenerateSettings settings, bool json)
    {
        var plan = settings.Plan is null ? null : settings.Sampler.Plan(settings.Plan);
        if (settings.Fast)
        {
            OperatorRoutes.Pin();
        }
        else
        {
            OperatorRoutes.PinNative();
        }

        Runtime.Tune();
        var (network, dtype) = TypeOption.Load(settings.Model, settings.DType);
        using (network)
        {
            var run = new GenerateRun(terminal, settings, settings.Sampler.Build(network, plan), LabelsOption.For(network.Info, settings.Labels));
            OutputFolder.Require(settings.Folder);
            WholeFile.Write(run.PathOf("generate.json"), Encoding.UTF8.GetBytes(ToolJson.Of(run.Report(dtype))));
            var stopped = !run.ToEnd();
            var report = run.Report(dtype);
            WholeFile.Write(run.PathOf("generate.json"), Encoding.UTF8.GetBytes(ToolJson.Of(report)));
            GenerateSummary.Write(terminal, report, json);
            return stopped ? Terminal.Stopped : 0;
        }
    }

    /// <returns>Whether all pictures were made.</returns>
    private bool ToEnd()
    {
        try
        {
            using var bar = new StepBar(terminal, "generating", sampler.Steps * ((labels.Length + settings.Batch - 1) / settings.Batch));
            for (var first = 0; first < labels.Length; first += settings.Batch)
            {
                Batch(first, [.. labels.Skip(first).Take(settings.Batch)], bar);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Batch(int first, long[] batch, StepBar bar)
    {
        using var scope = NewDisposeScope();
        using var condition = Conditioning.Labels(batch);
        var begun = Stopwatch.GetTimestamp();
        var progress = new Relay<SamplingProgress>(p =>
        {
            bar.Step();
            if (p.Preview is { } preview)
            {
                Preview(first, p.Step, preview);
            }
        });
        using var result = sampler.Generate(new() { Condition = condition, Seed = settings.Seed + first, PreviewEvery = settings.Previews }, progress, terminal.Cancellation);
        _seconds += Stopwatch.GetElapsedTime(begun).TotalSeconds;
        _traces.Add(result.Trace);
        Write(first, batch, result.Latents.to(ScalarType.Float32).cpu().contiguous());
    }

    private void Write(int first, long[] batch, Tensor latents)
    {
        var values = latents.data<float>().ToArray();
        var pictures = LatentPictures.Of(values, latents.shape);
        var size = values.Length / batch.Length;
        for (var i = 0; i < batch.Length; i++)
        {
            var seed = settings.Seed + first + i;
            var name = $"{first + i:000}-label{batch[i]}-seed{seed}";
            PngWriter.Write(PathOf(name + ".png"), PictureGrid.Of(pictures.At(i), 1));
            if (!LatentPictures.ArePictures(latents.shape))
            {
                SafetensorsFile.Write(PathOf(name + ".safetensors"), [("latents", latents[i])]);
            }

            _pictures.Add(new(name + ".png", batch[i], seed, values.AsSpan(i * size, size).IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) < 0));
        }
    }

    private void Preview(int first, int step, LatentsPreview preview)
    {
        var name = Path.Combine("previews", $"{first:000}-step{step:000}.png");
        PngWriter.Write(PathOf(name), PictureGrid.Of(LatentPictures.Of(preview.Values, preview.Shape), 10));
        _previews.Add(name);
    }

    private GenerateReport Report(ScalarType dtype)
    {
        var (executed, full, made) = (_traces.Sum(t => t.MultiplyAdds), _traces.Sum(t => t.FullMultiplyAdds), Math.Max(1, _pictures.Count));
        return new()
        {
            Model = settings.Model,
            Network = sampler.Denoiser.Info.Name,
            Sampler = sampler.Tag,
            Steps = sampler.Steps,
            DType = dtype.ToString(),
            Threads = get_num_threads(),
            Complete = _pictures.Count == labels.Length,
            Asked = labels.Length,
            Seconds = _seconds,
            Evaluations = _traces.Sum(t => t.Evaluations * t.Samples) / made,
            FullEvaluations = _traces.Sum(t => t.FullEvaluations * t.Samples) / made,
            ArithmeticSpeedup = executed > 0 ? full / executed : null,
            Notes = IdleStrategies.Of(_traces),
            Folder = Path.GetFullPath(settings.Folder),
            Pictures = _pictures,
            Previews = _previews,
        };
    }

    private string PathOf(string name) => Path.Combine(settings.Folder, name);
}
