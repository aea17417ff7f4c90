using System.Diagnostics;
using Acceleration.Onnx;
using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>ONNX Runtime on the sample networks: whole, in parts and against TorchSharp, and the choices of its threads.</summary>
internal static class OnnxCommand
{
    public const string What = "sample networks by ONNX Runtime, whole and in parts, and by TorchSharp; its threads [--networks fashion-dit,fashion-unet] [--model FOLDER] [--batches 1,8] [--rounds 10] [--threads 1,2]";

    private const int Steps = 4;

    private const string Method = """
        Forms: one forward pass, forms in turn, ratios of neighbours. A split model is one graph where no strategy works within it, and parts are calls of their own where one works at each. Threads: a request of 4 steps, milliseconds a step; the first choice of each is what is usual, and libtorch keeps its own threads throughout.
        """;

    private static readonly string[] Known = ["fashion-dit", "fashion-unet"];

    public static int Run(Options options)
    {
        var (model, names, batches) = (options.Path("--model"), options.Words("--networks", Known), options.Numbers("--batches", 1, 8));
        var (rounds, threads) = (options.Number("--rounds", 10), options.Numbers("--threads", [.. new[] { 1, get_num_threads() }.Distinct()]));
        options.RequireAllRead();
        using var grad = no_grad();
        var forms = Page.Table("network, rows", "whole ms", "split ms", "parts apart ms", "TorchSharp ms", "split / whole", "by processor time", "apart / whole", "by processor time", "whole / TorchSharp", "max |difference|");
        var choices = Page.Table("network, rows, threads", "sleeping ms", "spinning ms", "spinning / sleeping", "parts apart: sleeping ms", "spinning ms", "spinning / sleeping");
        Page.Machine([ScalarType.Float32]);
        foreach (var name in model is null ? names : [model])
        {
            using var network = model is null ? OnnxForms.Sample(name) : OnnxForms.Of(name);
            foreach (var batch in batches)
            {
                Forms(forms, $"{Path.GetFileName(name)}, {batch}", network, batch, rounds);
                foreach (var count in threads)
                {
                    Threads(choices, $"{Path.GetFileName(name)}, {batch}, {count}", network, batch, rounds, count);
                }
            }
        }

        Page.Write(forms);
        Page.Write(choices);
        Page.Line(Method);
        return 0;
    }

    private static void Forms(Spectre.Console.Table table, string name, OnnxForms network, int batch, int rounds)
    {
        using var whole = network.Whole();
        using var split = network.Split();
        using var apart = network.Apart();
        using var input = SampleNetwork.Input(whole.Info, batch);
        List<IDenoiser> all = [whole, split, apart];
        if (network.Torch is { } torch)
        {
            all.Add(torch);
        }

        // The first call of a size finds the outputs' sizes, the second binds memory.
        all.ForEach(n => input.Run(n).Dispose());
        var times = Turns.Run(rounds, [.. all.Select(n => (Action)(() => input.Run(n).Dispose()))]);
        var hasTorch = times.Length > 3;
        var worked = ProcessorTime(input, whole, rounds);
        Page.Row(
            table,
            [
                name, .. times.Take(3).Select(t => Page.Range(Spread.Of(t), "0.0")), hasTorch ? Page.Range(Spread.Of(times[3]), "0.0") : "-",
                Page.Range(Turns.Ratio(times[1], times[0]), "0.000"), $"{ProcessorTime(input, split, rounds) / worked:0.000}",
                Page.Range(Turns.Ratio(times[2], times[0]), "0.000"), $"{ProcessorTime(input, apart, rounds) / worked:0.000}",
                hasTorch ? Page.Range(Turns.Ratio(times[0], times[3]), "0.00") : "-", $"{Difference(input.Run(all[^1]), input.Run(apart)):0.0e+0}",
            ]);
    }

    /// <summary>What all threads worked: other programs lengthen it less than the time that passes.</summary>
    private static double ProcessorTime(NetworkInput input, IDenoiser network, int rounds)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        for (var round = 0; round < rounds; round++)
        {
            input.Run(network).Dispose();
        }

        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMilliseconds / rounds;
    }

    private static void Threads(Spectre.Console.Table table, string name, OnnxForms network, int batch, int rounds, int count)
    {
        var cells = new List<string>();
        foreach (var load in new[] { network.Whole, (Func<OnnxOptions?, OnnxDenoiser>)network.Apart })
        {
            var (sleeping, spinning) = (Requests(false), Requests(true));
            cells.AddRange([Milliseconds(sleeping), Milliseconds(spinning), $"{Spread.Of(spinning).Median / Spread.Of(sleeping).Median:0.00}"]);

            // One after the other: what spins takes time from its neighbour, too.
            double[] Requests(bool spin)
            {
                using var network = load(new() { Threads = count, ThreadsSpin = spin });
                using var condition = SampleNetwork.Labels(network.Info, batch);
                return Turns.Run(rounds, Request(network, condition))[0];
            }
        }

        Page.Row(table, [name, .. cells]);
    }

    private static Action Request(OnnxDenoiser network, Conditioning condition)
    {
        var builder = Sampler.For(network);
        var sampler = (network.Info.Noise is null ? builder.FlowEuler(Steps) : builder.Ddim(Steps)).Build();
        return () => sampler.Generate(new() { Condition = condition, Seed = 1 }).Dispose();
    }

    private static string Milliseconds(double[] times) => Page.Range(Spread.Of([.. times.Select(t => t / Steps)]), "0.0");

    private static double Difference(Tensor a, Tensor b)
    {
        using (a)
        using (b)
        using (var difference = (a - b).abs().max())
        {
            return difference.item<float>();
        }
    }
}
