using System.Diagnostics;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace Acceleration.Fuzz;

/// <summary>Makes inputs and feeds them to targets. Findings are foreign exceptions, hangs, tensors left alive, memory out of proportion, and growth.</summary>
internal sealed class FuzzRun(FuzzOptions options, TextWriter output)
{
    /// <summary>Inputs before the first measurement: by then everything is loaded and compiled, and lists of small sizes have been filled.</summary>
    private const long Warmup = 2000;

    private const long Between = 50_000;
    private const long MostGrowth = 64L << 20;

    // What an input may allocate on the managed heap for each byte of it.
    private const long BytesPerByte = 2000;

    private readonly string _findings = Path.GetFullPath(options.Findings);
    private readonly FuzzReport _report = new();
    private IFuzzTarget? _target;
    private byte[] _input = [];
    private long _number;

    public FuzzReport Run()
    {
        using var folder = new FuzzFolder();
        var all = FuzzTargets.In(folder.Path);
        var targets = all.Where(t => options.Target is null || t.Name == options.Target).ToArray();
        var weights = targets.SelectMany(t => Enumerable.Repeat(t, t.Weight)).ToArray();
        if (weights.Length == 0)
        {
            throw new ArgumentException($"There is no target '{options.Target}'; targets: {string.Join(", ", all.Select(t => t.Name))}.");
        }

        using var watchdog = new Watchdog(options.Limit, () => Find($"it took more than {options.Limit.TotalSeconds:0} s"));
        using var place = new FuzzPlace();
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0L; i < options.Inputs; i++)
        {
            _number = options.First + i;
            place.Set(options.Seed, _number);
            var random = new Random(BitConverter.ToInt32(SHA256.HashData(BitConverter.GetBytes(options.Seed).Concat(BitConverter.GetBytes(_number)).ToArray())));
            _target = weights[random.Next(weights.Length)];
            _input = _target.Make(random);
            One(watchdog);
            if (i == Math.Min(Warmup, options.Inputs / 2))
            {
                _report.Start = Growth.Now(folder.Path);
            }
            else if (i > Warmup && i % Between == 0)
            {
                output.WriteLine($"{i} inputs, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s, {_report.Findings.Count} findings: {Growth.Now(folder.Path)}");
            }
        }

        _report.Time = Stopwatch.GetElapsedTime(begun);
        _report.End = Growth.Now(folder.Path);
        RequireFlat();
        return _report;
    }

    private void One(Watchdog watchdog)
    {
        var (tensors, allocated, begun) = (Tensor.TotalCount, GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        var outcome = "finding";
        watchdog.Begin();
        try
        {
            outcome = _target!.Run(_input);
        }
        catch (Exception e)
        {
            Find(e.ToString());
        }

        watchdog.End();
        _report.Add(_target!.Name, outcome, Stopwatch.GetElapsedTime(begun));
        if (Tensor.TotalCount != tensors)
        {
            Find($"it left {Tensor.TotalCount - tensors} tensors alive");
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (bytes > _target.Allowance + (BytesPerByte * _input.Length))
        {
            Find($"it has {_input.Length} bytes, and {bytes} bytes were allocated for it");
        }
    }

    private void RequireFlat()
    {
        var (start, end) = (_report.Start!, _report.End!);
        if (end.Managed - start.Managed > MostGrowth || end.Resident - start.Resident > MostGrowth || end.Tensors != start.Tensors || end.Mappings > start.Mappings || end.Handles > start.Handles)
        {
            _report.Findings.Add($"growth from {start} to {end}");
            output.WriteLine(_report.Findings[^1]);
        }
    }

    /// <summary>Keeps the input, and says how to see it again.</summary>
    private void Find(string what)
    {
        Directory.CreateDirectory(_findings);
        var path = Path.Combine(_findings, $"{_target!.Name}-{options.Seed}-{_number}.bin");
        File.WriteAllBytes(path, _input);
        _report.Findings.Add($"{_target.Name}: {what}\n  again: eng/fuzz.sh replay {_target.Name} {path}");
        output.WriteLine(_report.Findings[^1]);
        output.Flush();
    }
}
