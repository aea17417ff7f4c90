using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>A recorded scheduler run of the reference implementation: its configuration, inputs and every intermediate result.</summary>
internal sealed class SchedulerFixture : IDisposable
{
    private readonly SafetensorsFile _file;

    private SchedulerFixture(SafetensorsFile file) => _file = file;

    public string SchedulerClass => Text("scheduler_class");

    public int Steps => int.Parse(Text("num_inference_steps"), CultureInfo.InvariantCulture);

    /// <summary>Free-running: part of the largest magnitude of each step's result that may differ.</summary>
    public double Tolerance => double.Parse(Text("recommended_rtol_per_step"), CultureInfo.InvariantCulture);

    public static SchedulerFixture Open(string name) =>
        new(SafetensorsFile.Open(Path.Combine(AppContext.BaseDirectory, "Fixtures", "schedulers", $"{name}.safetensors")));

    public string Text(string key) => _file.Metadata[key];

    public JsonElement Json(string key) => JsonSerializer.Deserialize<JsonElement>(Text(key));

    public bool Has(string name) => _file.Tensors.ContainsKey(name);

    public Tensor Read(string name) => _file.Read(name);

    public double[] Numbers(string name)
    {
        using var stored = _file.Read(name, ScalarType.Float64);
        return stored.data<double>().ToArray();
    }

    /// <summary>The random draw recorded for a step, or null where the reference drew none.</summary>
    public Tensor? Noise(int step)
    {
        var draw = Has("input.noise") ? Array.IndexOf(Numbers("input.noise_step"), step) : -1;
        return draw < 0 ? null : Read("input.noise")[draw];
    }

    public void Dispose() => _file.Dispose();
}
